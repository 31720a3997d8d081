"""One district's year through the whole system, compared with the article it comes from."""
