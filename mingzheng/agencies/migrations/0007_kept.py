"""Accounts, sign-ins, delegations and grants are kept rows; the three administrators stay apart."""

from django.db import migrations

from mingzheng.agencies.sql import three_apart
from mingzheng.records import sql

STEPS = (
    sql.once(
        "agencies_delegation",
        "revoked_by_id",
        *("id", "agency_id", "giver_id", "taker_id", "roles", "since", "until", "act_id"),
    ),
    sql.freeze("agencies_grant"),
    sql.freeze("agencies_signin"),
    sql.freeze("agencies_noted"),
    sql.freeze("agencies_pastpassword"),
    sql.once(
        "agencies_onetimecode", "used_at", "id", "account_id", "digest", "made_at", "expires_at"
    ),
    sql.once("agencies_recoverycode", "used_at", "id", "account_id", "digest", "made_at"),
    sql.once(
        "agencies_twohands",
        "answered_by_id",
        *("id", "agency_id", "account_id", "verb", "reason", "asker_id", "asked_role"),
        "asked_by_id",
    ),
    sql.once(
        "agencies_sitting", "ended_at", "id", "account_id", "key", "begun_at", "address", "browser"
    ),
    sql.keep(
        "agencies_secondfactor",
        *("id", "account_id", "kind", "name", "secret", "credential", "added_at", "act_id"),
    ),
    sql.never("agencies_secondfactor", "OLD.removed_at IS NOT NULL", "return"),
    sql.never("agencies_secondfactor", "NEW.counter < OLD.counter", "fall"),
    sql.keep("agencies_account", "id", "login", "person_id"),
    sql.undying("agencies_post"),
    *three_apart,
)


class Migration(migrations.Migration):
    dependencies = [("agencies", "0006_accounts"), ("records", "0008_effective_act")]
    operations = [*STEPS]
