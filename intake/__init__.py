"""Channels in: each yields `RawDocument`s and is told when one is safely stored."""
