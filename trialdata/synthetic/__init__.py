"""Made-up participants for the sample studies: seeded, so that the same files come out byte for byte.

Nothing here comes from a person. The rates and shapes are those published for immune thrombocytopenia, or
proposed where nothing is published. `python -m trialdata.synthetic` writes data/sample.

trials: what is true of each trial. participants: who enters, in which arm, with which fate.
course: counts, bleeding and rescue of one participant. treatment, adverse: the records beside them.
cuts: what a data cutoff sees of it all, and the files.
"""
