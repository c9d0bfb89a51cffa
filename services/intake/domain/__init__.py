"""The rules of intake: values in, values and events out; the time and new ids are told.

``persons`` says who can be registered, ``consents`` when one holds, ``cases`` how one begins,
``sharing`` what a referral shows of a person, ``emergencies`` what an emergency opens,
``duplicates`` who may be registered already, and ``configuration`` what is dated.
"""
