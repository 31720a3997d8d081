"""Copies of the log in files, and a log made of them again (sao lưu và phục hồi nhật ký).

What is copied is every topic that is kept for ever. The compacted states are not: a rebuild
publishes them again.
"""
