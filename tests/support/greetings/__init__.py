"""A service for the tests of the chassis: it greets, and listens to its own greetings."""
