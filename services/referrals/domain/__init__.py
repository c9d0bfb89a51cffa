"""The rules of referrals: values in, values and events out; the time and new ids are told.

``matching`` chooses a service, ``explaining`` tells beforehand which one and why, ``consent`` says
what may be shared, ``moves`` is the state machine, ``needs`` what the referrer works on,
``opening`` what a completed screening sets going, ``deciding`` what the person says later, and
``queues`` what waits for an agency.
"""
