"""The board (bảng theo dõi): pages of our own, rendered here, with the figures of the API."""
