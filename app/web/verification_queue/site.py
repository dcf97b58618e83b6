"""The blueprint beside the queue with all its routes: importing them is what registers them."""

from app.web.verification_queue import outside
from app.web.verification_queue.side import bp

__all__ = ["bp", "outside"]
