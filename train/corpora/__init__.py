"""From an archive to a corpus on disk: cutting, counting, encoding, word vectors."""
