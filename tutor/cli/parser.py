"""What may stand on the command line."""

from __future__ import annotations

import argparse
import os

from tutor import __version__

__all__ = ["build_parser"]

_ABOUT = """\
Learn Redis by typing real commands. Without a command: go on where you stopped; the first time, begin the first lesson.
"""
_EXITS = """\
exit codes: 0 fine · 1 the answer is no (an error reply, a failed check) · 2 usage · 3 a broken lesson file ·
4 no server, or it went away · 5 refused on a live server · 6 the backend lacks what is needed · 7 progress file ·
70 a fault of the tutor · 130 interrupted
"""
_BACKEND = "embedded, redis-server (a real one that is started and stopped), auto, or a URL: redis://HOST:PORT/DB"
_PLAIN = "no colours, no drawings: for screen readers"
_DEBUG = "write a log, and say where it is"
_COURSE = "a course of your own instead of the one that ships"


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="redis-tutor",
        description=_ABOUT,
        epilog=_EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"redis-tutor {__version__}")
    parser.add_argument("--plain", action="store_true", help=_PLAIN)
    parser.add_argument("--debug", action="store_true", help=_DEBUG)
    parser.add_argument("--course", metavar="FOLDER", help=_COURSE)
    parser.add_argument("--backend", default="auto", metavar="SERVER", help=_BACKEND)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _learning(commands)
    _redis(commands)
    _authoring(commands)
    return parser


def _everywhere(parser: argparse.ArgumentParser) -> None:
    # Without a default of their own, so that `redis-tutor --debug shell` says the same as `redis-tutor shell --debug`.
    parser.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=_DEBUG)
    parser.add_argument("--course", metavar="FOLDER", default=argparse.SUPPRESS, help=_COURSE)


def _shell_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--backend", default=argparse.SUPPRESS, metavar="SERVER", help=_BACKEND)
    parser.add_argument("--plain", action="store_true", default=argparse.SUPPRESS, help=_PLAIN)


def _learning(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    shell = commands.add_parser("shell", help="a prompt for Redis commands, with completion and explanations")
    start = commands.add_parser("start", help="begin a lesson, or go on in it")
    start.add_argument("lesson", metavar="LESSON")
    for parser in (shell, start):
        _shell_options(parser)
        _everywhere(parser)

    lessons = commands.add_parser("lessons", help="the lessons, in the order of the course")
    lessons.add_argument("--json", action="store_true", help="as a JSON array")
    _everywhere(lessons)

    check = commands.add_parser("check", help="check an answer to one exercise")
    check.add_argument("exercise", metavar="EXERCISE", help="its id, such as strings.count-visits")
    check.add_argument(
        "--answer",
        required=True,
        metavar="FILE",
        help="commands, one a line (B> before the second client's); or the reply, the ordered lines, the option's "
        "letter; - reads standard input",
    )
    check.add_argument("--seed", type=int, metavar="S", help="the seed of the values; yours, if not given")
    check.add_argument("--backend", default=argparse.SUPPRESS, metavar="SERVER", help=_BACKEND)
    check.add_argument("--json", action="store_true", help="passed, points, max_points, failed_check, feedback")
    _everywhere(check)

    progress = commands.add_parser("progress", help="what you have done; export, import and reset it")
    progress.add_argument("what", nargs="?", default="show", choices=["show", "export", "import", "reset"])
    progress.add_argument("file", nargs="?", metavar="FILE", help="for export and import; - for standard output/input")
    progress.add_argument("--json", action="store_true", help="show as JSON")
    progress.add_argument("--yes", action="store_true", help="reset without asking")
    _everywhere(progress)


def _redis(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = commands.add_parser(
        "run",
        help="run one command, or those on standard input",
        description="Without --backend a fresh embedded server answers, and ends with the command.",
        usage="redis-tutor run [options] [COMMAND [ARGUMENT ...]]",
    )
    run.add_argument("--backend", default=argparse.SUPPRESS, metavar="SERVER", help=_BACKEND)
    for name, text in (
        ("raw", "as redis-cli in a pipe"),
        ("json", "as JSON, one line a reply"),
        ("terminal", "as redis-cli on a terminal"),
    ):
        run.add_argument(f"--{name}", dest="output", action="store_const", const=name, help=text)
    run.add_argument("-3", dest="resp3", action="store_true", help="speak RESP3")
    run.add_argument("--yes", action="store_true", help="send commands that ask first on a live server")
    _everywhere(run)
    # Everything from the first word on belongs to Redis, whatever it looks like.
    run.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND ARGUMENT", help=argparse.SUPPRESS)

    explain = commands.add_parser("explain", help="say what each word of a command means")
    explain.add_argument("--plain", action="store_true", default=argparse.SUPPRESS, help=_PLAIN)
    _everywhere(explain)
    explain.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND ARGUMENT")

    sandbox = commands.add_parser("sandbox", help="the embedded server alone, for any Redis client")
    where = sandbox.add_mutually_exclusive_group()
    where.add_argument("--port", type=int, metavar="N", help="on 127.0.0.1 (6380 when nothing is said)")
    where.add_argument("--unixsocket", metavar="PATH")
    sandbox.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS", help="another address needs a password")
    sandbox.add_argument(
        "--password",
        default=os.environ.get("REDIS_TUTOR_PASSWORD", ""),
        help="clients have to AUTH with it; $REDIS_TUTOR_PASSWORD keeps it out of the list of processes",
    )
    sandbox.add_argument("--limit-seconds", type=float, default=5.0, metavar="S", help="the most one command may take")
    sandbox.add_argument("--memory", type=int, default=512, metavar="MB", help="the most memory it may have")
    _everywhere(sandbox)

    doctor = commands.add_parser("doctor", help="what is installed, where data lives, what is open, how to remove it")
    _everywhere(doctor)


def _authoring(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    prove = commands.add_parser("prove", help="prove lessons: transcripts, solutions and wrong answers")
    prove.add_argument("lessons", nargs="*", metavar="LESSON", help="all, if none is named")
    prove.add_argument(
        "--backend",
        dest="backends",
        action="append",
        metavar="SERVER",
        help="may be given more than once; embedded and redis-server, if not given",
    )
    prove.add_argument("--json", action="store_true", help="the report as JSON")
    prove.add_argument("--watch", action="store_true", help="prove again at every save, until Ctrl-C")
    prove.add_argument("--jobs", type=int, metavar="N", help="worker processes; as many as processors, if not given")
    _everywhere(prove)

    lesson = commands.add_parser("lesson", help="for authors: lesson new TRACK/ID writes a skeleton")
    lesson.add_argument("what", choices=["new"])
    lesson.add_argument("where", metavar="TRACK/ID")
    _everywhere(lesson)
