"""The demonstration city: believable staff, profiles, seats and trainings, of no real person.

Everything follows from a seed and a day. Each part draws from a random stream of its own, so that
a change of one part leaves the others as they were.
"""
