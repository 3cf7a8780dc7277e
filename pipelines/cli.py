"""The one entry point, `diembao`: which commands there are, and how every one of them ends.

A command's module is imported only when called: `diembao --help` must not wait for Scrapy and scikit-learn.
"""

import sys
from importlib import import_module
from typing import Any

import click

# name: (module, one line of help), in the order of a newcomer's day; a test holds the help against each command's own.
COMMANDS = {
    "run": ("pipelines.commands.run", "Crawl what is due, process it, print what came in."),
    "schedule": ("pipelines.commands.schedule", "Run the jobs when their time has come, until stopped."),
    "crawl": ("pipelines.commands.crawl", "Fetch feeds and the articles they list into the archive."),
    "process": ("pipelines.commands.process", "Extract, classify and flag what was fetched."),
    "requeue": ("pipelines.commands.requeue", "Put quarantined pages back on their way."),
    "ingest": ("pipelines.commands.ingest", "Take in the pages of WARC files."),
    "search": ("pipelines.commands.search", "Find articles; marks and case do not matter."),
    "report": ("pipelines.commands.report", "Write the weekly summary."),
    "review": ("pipelines.commands.review", "Open the analysts' desk, a web page."),
    "user": ("pipelines.commands.user", "Manage who may open the desk."),
    "labels": ("pipelines.commands.labels", "Write out the labels that analysts gave."),
    "status": ("pipelines.commands.status", "Say where every page stands."),
    "metrics": (
        "pipelines.commands.metrics",
        "Print what a monitoring system watches, in Prometheus' text format.",
    ),
    "sources": ("pipelines.commands.sources", "List, check, add and import outlets."),
    "extract": ("pipelines.commands.extract", "Extract articles from saved pages, without a database."),
    "classify": ("pipelines.commands.classify", "Tag texts, without a database."),
    "train": ("pipelines.commands.train", "Train models and put the better ones in service."),
    "evaluate": ("pipelines.commands.evaluate", "Measure the models in service on the frozen test."),
    "models": (
        "pipelines.commands.models",
        "List the models, put a better one in service, go back to the one before.",
    ),
    "config": ("pipelines.commands.config", "List every setting, its value and where it came from."),
    "newsroom": ("pipelines.commands.newsroom", "Serve the sample newsroom on this machine."),
    "demo": ("pipelines.commands.demo", "Crawl the sample newsroom and show what comes of it."),
}


class LazyGroup(click.Group):
    """A group whose commands are named in `COMMANDS` and imported when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        command: click.Command = import_module(module).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `diembao --help`, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="diembao", prog_name="diembao")
def diembao() -> None:
    """Điểm Báo: what the press publishes about Vietnam, gathered, classified, reviewed and reported.

    \b
    Start here:   diembao demo                 a sample newsroom, no network needed
    Then:         diembao run                  crawl what is due from the real registry
                  diembao review               open the desk
                  diembao search "thong tin doi ngoai"

    Exit codes: 0 done; 1 done with failures, listed; 2 bad usage or input.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run a command; every foreseeable error ends as one line on stderr and an exit code, never as a traceback."""
    try:
        code: Any = diembao.main(arguments, prog_name="diembao", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Abort:
        _fail("stopped", 130)
    except click.ClickException as error:
        _fail(error.format_message(), 2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        # By name, so that the leaves need not be imported to ask; each leaf has one base.
        bases = {f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__}
        if bases & OURS:
            _fail(str(error), 2)
        if (
            f"{type(error).__module__}.{type(error).__name__}" in LOST
        ):  # a full disk, a damaged file, a server that went away
            _fail(f"the database cannot be used: {getattr(error, 'orig', error)}".splitlines()[0], 2)
        raise


OURS = {
    "pipelines.errors.UsageError",
    "store.errors.StoreError",
    "crawler.errors.CrawlerError",
    "classify.errors.ClassifyError",
    "reports.errors.ReportError",
    "review.errors.ReviewError",
}
LOST = {"sqlalchemy.exc.OperationalError", "sqlalchemy.exc.DatabaseError"}


def _fail(message: str, code: int) -> None:
    click.echo(f"diembao: {message}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
