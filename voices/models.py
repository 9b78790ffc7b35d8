"""What people say, anonymously by construction.

Empty on purpose: rounds, submissions and answers come with their own guarantees,
and no page pretends that they are there.
"""
