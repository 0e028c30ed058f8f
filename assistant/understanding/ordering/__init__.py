"""The goods of a sentence: which, how many, with what. `goods` says which of them are meant and what becomes of them.

`orders` reads a sentence from left to right into drafts of lines (`drafts`), `acts` makes acts of those.
"""
