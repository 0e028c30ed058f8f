"""From letters to spans: what each stretch of an utterance may mean in one shop. It knows nothing of orders or steps.

`text` makes tokens, `lexicon` has the words that matter, `spans` covers the tokens with them, `utterance` carries them
through all that reads on.
"""
