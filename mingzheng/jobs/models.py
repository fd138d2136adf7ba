"""The queue. A job is enqueued in the transaction of the act that wants it."""

from __future__ import annotations

from django.db import models


class Job(models.Model):
    """One piece of work, done at least once, idempotent by `key`."""

    working = "后台作业的队列"

    WAITING, RUNNING, DONE, DEAD = "waiting", "running", "done", "dead"

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, unique=True)
    agency_id = models.BigIntegerField(null=True)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default=WAITING)
    run_after = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "run_after"], name="job_next")]


class Heartbeat(models.Model):
    """When the worker last said that it lives; read by /healthz and doctor."""

    working = "进程最近一次活动的时间"

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()
