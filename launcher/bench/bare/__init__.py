"""The bare baseline: the durable steps of the chain with psycopg2 and py-amqp alone.

No framework, no schema, no rule: what a chain writes was recorded once from the product and is
written again with new ids. One process per service, as in the product.
"""
