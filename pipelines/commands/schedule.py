"""`diembao schedule`."""

import signal

import click


@click.command()
@click.option("--once", is_flag=True, help="Run each job that is due one time, then end; for cron.")
@click.option("--list", "only_list", is_flag=True, help="Print the jobs and when each is due next; start nothing.")
def command(once: bool, only_list: bool) -> int:
    """Run the jobs when their time has come, until stopped.

    'run' every schedule_run_minutes, the weekly summary at schedule_report (of the week that is over, into reports in
    var_dir). One job at a time; one that fails is logged, and the schedule goes on. It stays in the foreground: a
    service manager is to start it. SIGTERM ends it, and the job under way with it, within 30 seconds.

    \b
    Examples:
      diembao schedule
      diembao schedule --list
      diembao schedule --once
    """
    from pipelines.errors import UsageError
    from pipelines.locks import only_one
    from pipelines.logs import configure_logs
    from pipelines.opening import opened
    from pipelines.schedule import Schedule
    from pipelines.signals import Ending

    if once and only_list:
        raise UsageError("--once and --list exclude each other; give one of them")
    if only_list:
        return _list()
    with opened() as (database, settings), only_one(database, "scheduling"), Ending() as ending:
        configure_logs(settings, own_level="DEBUG" if settings.log_level == "DEBUG" else "INFO")
        schedule = Schedule(database, settings)
        if once:
            codes = schedule.once(ending)
            return 1 if any(codes) or schedule.stopped.is_set() else 0
        number = schedule.serve(ending)
    if number == signal.SIGINT:
        raise click.Abort
    return 0


def _list() -> int:
    from pipelines.opening import opened
    from pipelines.schedule import arguments, plan
    from pipelines.standing import duration, local
    from store.base import now

    moment = now()
    with opened(create=False) as (database, settings):
        for job in plan(database, settings, moment):
            wait = (job.next_at - moment).total_seconds()
            due = f"in {duration(wait)}" if wait > 0 else f"due since {duration(-wait)}"
            words = " ".join(arguments(job.name, settings, max(moment, job.next_at)))
            click.echo(f"{job.name:8} {job.when:14} next {local(job.next_at)} ({due})  diembao {words}")
    click.echo("Times are Vietnam's (Asia/Ho_Chi_Minh).")
    return 0
