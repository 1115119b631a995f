"""Bring trial-design datasets up to date every day; what follows runs only when they changed."""

import subprocess
from datetime import datetime, timedelta, timezone

from airflow.decorators import dag, task
from airflow.exceptions import AirflowException, AirflowSkipException
from airflow.models import Variable

PUBLISHED = {1, 3}


@dag(
    schedule="17 15 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
)
def registry_sdtm():
    @task(retries=3, retry_delay=timedelta(minutes=30))
    def update() -> int:
        home = Variable.get("registry_sdtm_home")
        done = subprocess.run([f"{home}/.venv/bin/registry-sdtm", "update"], cwd=home, check=False)
        if done.returncode == 0:
            raise AirflowSkipException("Nothing changed.")
        if done.returncode not in PUBLISHED:
            raise AirflowException(f"registry-sdtm update ended with status {done.returncode}.")
        return done.returncode

    update()


registry_sdtm()
