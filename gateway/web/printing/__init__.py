"""Sheets of paper: what stands on them, in two languages, and how they become PDF/UA.

A sheet is a value; a template makes a page of it, and a process of its own makes a PDF of the page.
``render_pdf`` is the way in for pages; the modules named after a sheet say what it needs.
"""
