"""REST: one table of operations, from which routes, checks, OpenAPI and documentation follow."""
