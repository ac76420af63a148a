"""Where Redis and fakeredis differ: one file per command family, each method with a word on what Redis does."""
