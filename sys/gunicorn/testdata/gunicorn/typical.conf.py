# Gunicorn configuration for the shop, deployed by ansible.
import multiprocessing
import os

bind = "unix:/run/shop/gunicorn.sock"  # the socket that Nginx knows
workers = multiprocessing.cpu_count() * 2 + 1
wsgi_app = 'shop.factory:create_app()'
chdir = (
    "/srv/shop/"  # two literals side by side are one
    'current'
)
raw_env = [
    "APP_ENV=production",
    'DATABASE_URL=postgres://shop:s3cret@db/shop?a=b',
]
max_requests = 1_000
graceful_timeout = 0x1e
preload_app = True
pidfile = None
accesslog = "-"
logconfig_dict = {
    "version": 1,
    "handlers": {"console": {"class": "logging.StreamHandler", "reload": True}},
}
access_log_format = '%(h)s %(t)s "%(r)s" bind = "no"'


def on_starting(server):
    """Says hello.

    reload = True
    """
    bind = "127.0.0.1:9"
    server.log.info(f"bound to {bind}")


def post_fork(server, worker): daemon = True
