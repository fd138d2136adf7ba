"""Evidence: files received whole, looked at safely, tied to steps; recordings and when they
count.
"""
