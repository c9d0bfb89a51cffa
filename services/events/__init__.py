"""Gatherings at the community hubs, and who came.

Owns: gatherings and attendances. A gathering's title is public text; persons are opaque ids.

Answers: schedule_gathering, list_gatherings, get_gathering, record_attendance.

Publishes: gathering.scheduled.v1, attendance.recorded.v1.

Listens: nothing.
"""
