"""What each channel wants to be given, made from what is public: one file a channel, checked
before it leaves.
"""
