"""A reading and its recording on one printed page: paper geometry, content in words, PDF. Qt-free."""
