"""Why one participant got an answer: the roles of the records, a sentence for each, and the verdict.

Made on demand from the reading and the rows that the endpoint rules made; nothing of a rule is decided here.
"""
