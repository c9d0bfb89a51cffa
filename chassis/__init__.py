"""What is the same in every service; it knows no word of the domain.

The rind (`green`, `edge`, `consumer`, `runtime`) wraps nameko and eventlet; everything else is
plain Python that runs in threads and in green threads alike.
"""
