"""Settings of the workers: dagster-celery's app imports a module of this name."""

import os

broker_url = result_backend = os.environ["CELERY_BROKER_URL"]
broker_connection_retry_on_startup = True
broker_transport_options = {"visibility_timeout": 86400}
result_expires = 604800
worker_concurrency = 1
worker_prefetch_multiplier = 1
worker_max_tasks_per_child = 1
