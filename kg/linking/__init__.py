"""Linking: candidates in other data sets for things without a link, for a person to accept.

``kg/data/links/README.md`` says how it is used. What is asked and what is made of the answers are apart:
``things`` knows what is ours, ``asking`` how to ask politely, ``endpoint`` and ``service`` whom, ``ranking``
what a candidate is worth, and ``proposals`` the table between the machine and the person.
"""
