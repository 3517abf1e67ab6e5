"""Renders templates as ansible.builtin.template does, with Jinja2 and the filters of Ansible.

Standard input has one JSON object:

    files            every file that may be included, its text by its path
    marks            the same files, with marks in them that tell where a line comes from
    templates        those to render, in turn: path, and facts with the variables by name
    characters       that one of them may become
    templateSeconds  of the processor that one of them may take

Standard output has a JSON object a line for each template, when it is done: `text`, or `error` with
`message`, `path` and `line` in the template, and `missing` where a name or an attribute is not there.
`marked` is the text with its marks, where the marked files render as well.

Ansible's conventions (ansible.builtin.template, documentation of the module): a newline behind a block is dropped,
one at the end of the file is kept, a first line `#jinja2: NAME: VALUE, …` changes how the file is read, an
attribute of what is not there is not there either, and what a filter makes is a list, not a generator.
"""

import ast
import copy
import datetime
import importlib
import json
import pkgutil
import posixpath
import signal
import sys
from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from functools import wraps

from jinja2 import FunctionLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

OVERRIDE = "#jinja2:"
OVERRIDES = {
    "block_start_string", "block_end_string", "variable_start_string", "variable_end_string",
    "comment_start_string", "comment_end_string", "line_statement_prefix", "line_comment_prefix",
    "trim_blocks", "lstrip_blocks", "newline_sequence",
}

# Ansible's own of these know its kind of undefined value, which is not used here.
OF_JINJA = {"d", "default", "map", "select", "reject", "selectattr", "rejectattr", "defined", "undefined"}


class Missing(StrictUndefined):
    """An attribute of what is not there is not there either: `a.b.c | default(1)`, as roles have it."""

    def __getattr__(self, name):
        if name[:2] == "__":
            raise AttributeError(name)
        return self

    def __getitem__(self, _key):
        return self

    def _fail_with_undefined_error(self, *_args, **_kwargs):
        if self._undefined_exception is SecurityError:
            raise SecurityError(self._undefined_message)
        raise NotThere(self)

    __str__ = __repr__ = __iter__ = __len__ = __bool__ = __eq__ = __ne__ = __hash__ = _fail_with_undefined_error
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _fail_with_undefined_error
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = _fail_with_undefined_error
    __lt__ = __le__ = __gt__ = __ge__ = __int__ = __float__ = __call__ = __contains__ = _fail_with_undefined_error
    __pos__ = __neg__ = _fail_with_undefined_error


class NotThere(UndefinedError):
    def __init__(self, missing):
        super().__init__(missing._undefined_message)
        self.name = missing._undefined_name


class Refused(Exception):
    """What templates of roles do elsewhere, and not here."""


def lookup(*names, **_options):
    raise Refused(f"lookup({', '.join(map(repr, names))}) reads what is not in the folder of templates; write the value into the template")


def now(utc=False, fmt=None):
    moment = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) if utc else datetime.datetime.now()
    return moment.strftime(fmt) if fmt else moment


def plain(value):
    """As Ansible prints it: tuples and the views of a mapping are lists, inside of others too."""
    if isinstance(value, (list, tuple, set, KeysView, ItemsView, ValuesView)):
        return [plain(it) for it in value]
    return {key: plain(it) for key, it in value.items()} if type(value) is dict else value


def finalize(value):
    return "" if value is None else plain(value)


def as_list(function):
    """Filters give lists, so that they can be asked again and printed."""

    @wraps(function)
    def listed(*args, **kwargs):
        result = function(*args, **kwargs)
        return list(result) if isinstance(result, Iterator) else result

    return listed


def plugins(kind):
    """Filters or tests of Ansible, by their short names and, of a collection, the long ones too."""
    found = {}
    for package, prefix in (("ansible.plugins", "ansible.builtin"), ("ansible_collections.ansible.utils.plugins", "ansible.utils")):
        try:
            folder = importlib.import_module(f"{package}.{kind}")
        except ImportError:
            folder = None
        paths = list(folder.__path__) if folder is not None else []
        for module in pkgutil.iter_modules(paths):
            try:
                loaded = importlib.import_module(f"{package}.{kind}.{module.name}")
                made = getattr(loaded, "FilterModule" if kind == "filter" else "TestModule")()
                each = made.filters() if kind == "filter" else made.tests()
            except (ImportError, AttributeError):
                continue  # It needs a package that the image does not have; its name is unknown then.
            for name, function in each.items():
                found.setdefault(name, function)
                found[f"{prefix}.{name}"] = function
    return {name: it for name, it in found.items() if name.rsplit(".", 1)[-1] not in OF_JINJA}


def read_overrides(text):
    """The text without its first line, and what that line says of how it is to be read."""
    if not text.startswith(OVERRIDE):
        return text, {}
    line, newline, rest = text.partition("\n")
    if not newline:
        raise TemplateSyntaxError(f"nothing follows the line {OVERRIDE}", 1)
    settings = {}
    for pair in line[len(OVERRIDE):].split(","):
        name, colon, value = pair.partition(":")
        if not colon or name.strip() not in OVERRIDES:
            raise TemplateSyntaxError(f"{OVERRIDE} knows no setting {pair.strip()!r}; one of {', '.join(sorted(OVERRIDES))}", 1)
        try:
            settings[name.strip()] = ast.literal_eval(value.strip())
        except (SyntaxError, ValueError):
            raise TemplateSyntaxError(f"{value.strip()} is no value for {name.strip()}", 1) from None
    return rest, settings


class Environment(SandboxedEnvironment):
    """As Ansible's, with the files of the request and nothing else to include."""

    def __init__(self, files, main, settings, filters, tests):
        folders = dict.fromkeys(("", "templates", posixpath.dirname(main), posixpath.join(posixpath.dirname(main), "templates")))

        def load(name):
            for folder in folders:
                path = posixpath.normpath(posixpath.join(folder, name))
                if path in files:
                    return files[path], path, lambda: True
            return None

        super().__init__(
            loader=FunctionLoader(load),
            undefined=Missing,
            autoescape=False,
            finalize=finalize,
            extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
            **{"trim_blocks": True, **settings},
        )
        self.filters.update(filters)
        self.filters = {name: as_list(it) for name, it in self.filters.items()}
        self.tests.update(tests)
        self.globals.update(lookup=lookup, query=lookup, q=lookup, now=now)

    def join_path(self, template, parent):
        return posixpath.join(posixpath.dirname(parent), template) if template.startswith(("./", "../")) else template


def render(files, path, facts, filters, tests):
    text, settings = read_overrides(files[path])
    environment = Environment({**files, path: text}, path, settings, filters, tests)
    result = environment.get_template(path).render(copy.deepcopy(facts))
    # Jinja2 takes one newline off the end, and a block the one behind it.
    lost = len(text) - len(text.rstrip("\n")) - (len(result) - len(result.rstrip("\n")))
    return result + "\n" * max(0, lost)


def place(error, files):
    """Where in which template an error came up, the innermost."""
    found = (None, None)
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name in files:
            found = (name, trace.tb_lineno)
        trace = trace.tb_next
    return found


def explain(error, files, path):
    if isinstance(error, TemplateSyntaxError):
        where, line, message = error.filename or error.name or path, error.lineno, error.message
    else:
        where, line = place(error, files)
        message = {MemoryError: "it needs too much memory", RecursionError: "it includes or calls itself without end"}.get(type(error))
        if isinstance(error, TemplateNotFound):
            message = f"template not found: {error.name}" if error.name else str(error)
        message = message or str(error).strip() or type(error).__name__
    where = where if where in files else path
    # The line of settings was taken off before the text was read.
    if line is not None and where == path and files[path].startswith(OVERRIDE) and not (isinstance(error, TemplateSyntaxError) and message.startswith((OVERRIDE, "nothing follows"))):
        line += 1
    told = {"message": " ".join(message.split())[:1000], "path": where, "line": line}
    if isinstance(error, NotThere):
        told["missing"] = str(error.name)
    return told


def main():
    request = json.load(sys.stdin)
    files, marks = request["files"], request["marks"]
    characters, seconds = request["characters"], request["templateSeconds"]
    filters, tests = plugins("filter"), plugins("test")

    def answer(**said):
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()

    def out_of_time(_signal, _frame):
        # Python hears it between two steps; a pattern is one step, and ends with the process at the limit of that.
        raise Refused(f"it takes longer than {seconds} s")

    signal.signal(signal.SIGVTALRM, out_of_time)
    for template in request["templates"]:
        path, facts = template["path"], template["facts"]
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        try:
            text = render(files, path, facts, filters, tests)
            if len(text) > characters:
                raise Refused(f"it renders to {len(text)} characters; at most {characters}")
        except Exception as error:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            answer(path=path, error=explain(error, files, path))
            continue
        try:
            # A template that measures or cuts its own text may fail with marks in it.
            marked = render({**files, **marks}, path, facts, filters, tests)
        except Exception:
            marked = None
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        answer(path=path, text=text, marked=marked)


main()
