"""What a recogniser, or a hand at its keys, made of words: stretches that exact words leave over are read again.

`hearing` does it; `sounds` says how words sound and `near` finds names that sound so; `fitting` says where they may
stand.
"""
