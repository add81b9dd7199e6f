"""newsbridge: German news in, an English brief and a parallel text out, every quotation in the same mouth."""

__version__ = "0.1.0"
