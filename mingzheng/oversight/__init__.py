"""Complaints, advice and requests for correction from the public; later appraisal, assessment,
rectification.
"""
