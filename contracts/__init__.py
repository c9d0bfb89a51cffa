"""The published language of Plurali: every event, command, query and resource, written once.

Everything that crosses a process border is defined here and nowhere else. OpenAPI, AsyncAPI,
the JSON Schemas and ``docs/messages.md`` are generated from these classes.
"""
