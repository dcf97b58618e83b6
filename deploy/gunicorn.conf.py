"""Settings of the application server; numbers come from the environment (see .env.example)."""

import os
from pathlib import Path

wsgi_app = "app:create_app()"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 30
keepalive = 5
# A worker that leaks is replaced before it matters; the jitter keeps them from leaving together.
max_requests = 5000
max_requests_jitter = 500
# The heartbeat file must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
control_socket_disable = True
loglevel = os.environ.get("LOG_LEVEL", "warning")
errorlog = "-"
accesslog = "-" if os.environ.get("ACCESS_LOG") == "1" else None
# Addresses without the query: searches may hold names.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(b)s %(M)sms'
