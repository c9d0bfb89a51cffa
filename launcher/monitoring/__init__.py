"""Monitoring as code: objectives, alerts with their tests, dashboards and what is scraped."""
