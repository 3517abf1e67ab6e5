"""Renders templates as ansible.builtin.template does: by Ansible's own engine, and with nothing to read but what is asked.

Standard input has one JSON object:

    files            every file that may be included, its text by its path
    marks            the same files, with marks in them that tell where a line comes from
    templates        those to render, in turn: path, and facts with the variables by name
    characters       that one of them may become
    templateSeconds  of the processor that one of them may take

Standard output has a JSON object a line for each template, when it is done: `text`, or `error` with
`message`, `path` and `line` in the template, and `missing` where a name or an attribute is not there.
`marked` is the text with its marks, where the marked files render as well.
"""

import copy
import json
import posixpath
import signal
import sys

try:
    from ansible._internal._templating import _jinja_bits, _jinja_plugins
    from ansible._internal._templating._engine import TemplateEngine, TemplateMode, TemplateOptions
    from ansible._internal._templating._errors import AnsibleTemplatePluginNotFoundError
    from ansible._internal._templating._jinja_bits import AnsibleEnvironment
    from ansible._internal._templating._jinja_common import CapturedExceptionMarker, UndefinedMarker
    from ansible._internal._templating._jinja_plugins import JinjaPluginIntercept
    from ansible.plugins.loader import init_plugin_loader
    from ansible.template import trust_as_template
except ImportError:
    sys.exit("the Ansible of this image is older than 2.19, such as that of Debian 12: bring files that are rendered")

from jinja2 import FunctionLoader, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import SecurityError

OVERRIDE = "#jinja2:"

BOUNDS = {
    MemoryError: "it needs too much memory",
    RecursionError: "it goes too deep: an include or a macro of itself, or an expression of thousands of parts",
}


# Roles name the filters of addresses by short names, and by those of the collection that had them before.
SHORT = "ansible.utils"
FORMER = "ansible.netcommon"


class Refused(BaseException):
    """What templates of roles do elsewhere, and not here; no `default()` makes it good."""


class Missing(UndefinedMarker):
    """What is not there, with the place in the template where it was asked for."""

    __slots__ = ("_place",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._place = place_of_frame(sys._getframe(1))

    def _as_exception(self):
        error = super()._as_exception()
        error._place = self._place
        error._missing = None if self._undefined_exception is SecurityError else self._undefined_name
        return error


class Failed(CapturedExceptionMarker):
    """What a filter or a call failed with: Ansible keeps it until the value is used."""

    __slots__ = ()

    def __init__(self, exception):
        super().__init__(exception)
        if getattr(exception, "_place", None) is None:
            exception._place = place_of_frame(sys._getframe(1))


_jinja_bits.CapturedExceptionMarker = _jinja_plugins.CapturedExceptionMarker = Failed


def lookup(*names, **_options):
    raise Refused(f"lookup({', '.join(map(repr, names))}) reads what is not in the folder of templates; write the value into the template")


def place_in(frame, line):
    template = frame.f_globals.get("__jinja_template__")
    return None if template is None else (template.filename, template.get_corresponding_lineno(line))


def place_of_frame(frame):
    """Where in which template the program is: the innermost frame of one."""
    while frame is not None:
        if (found := place_in(frame, frame.f_lineno)) is not None:
            return found
        frame = frame.f_back
    return None


def place(error):
    """Where in which template an error came up: the innermost that it or what it comes from tells."""
    found = None
    while error is not None:
        found = getattr(error, "_place", None) or found
        trace = error.__traceback__
        while trace is not None:
            found = place_in(trace.tb_frame, trace.tb_lineno) or found
            trace = trace.tb_next
        error = error.__cause__
    return found or (None, None)


class Plugins(JinjaPluginIntercept):
    """Ansible's filters or tests, those of addresses by their other names too."""

    def __getitem__(self, name):
        if name.startswith(f"{FORMER}."):
            name = SHORT + name[len(FORMER):]
        try:
            return super().__getitem__(name)
        except AnsibleTemplatePluginNotFoundError:
            if "." in name or f"{SHORT}.{name}" not in self:
                raise
            return super().__getitem__(f"{SHORT}.{name}")


class Environment(AnsibleEnvironment):
    """Ansible's, with the files of the request and nothing else to include."""

    def __init__(self, files, main):
        near = posixpath.dirname(main)
        folders = dict.fromkeys(("templates", "", posixpath.join(near, "templates"), near))

        def load(name):
            parts = [part for part in name.split("/") if part not in ("", ".")]
            for folder in folders if ".." not in parts else ():
                path = posixpath.join(folder, *parts)
                if path in files:
                    return files[path], path, lambda: True
            return None

        super().__init__(loader=FunctionLoader(load))
        for extension in ("jinja2.ext.do", "jinja2.ext.loopcontrols"):
            self.add_extension(extension)
        self.filters = Plugins(self.filters._jinja_builtins, self.filters._plugin_loader)
        self.tests = Plugins(self.tests._jinja_builtins, self.tests._plugin_loader)
        self.undefined = Missing
        self.globals.update(lookup=lookup, query=lookup, q=lookup)

    def getattr(self, obj, attribute):
        """Jinja2 hands out a `format` of texts that keeps to the sandbox, whoever calls it later; Ansible leaves that out."""
        value = super().getattr(obj, attribute)
        return self.wrap_str_format(value) or value


def render(files, path, facts):
    engine = TemplateEngine(variables=copy.deepcopy(facts))
    engine._environment = Environment(files, path)
    # Not what YAML makes of a backslash: the text is of a file.
    options = TemplateOptions(escape_backslashes=False)
    result = engine.template(trust_as_template(files[path]), options=options, mode=TemplateMode.ALWAYS_FINALIZE)
    return "" if result is None else str(result)


def chain(error):
    """The error, and what it comes from."""
    while error is not None:
        yield error
        error = error.__cause__


def words(error):
    """What it says, without Ansible's preface; its text may be made of what is not there, and fail."""
    try:
        said = str(error)
    except Exception:
        said = ""
    for preface in ("Error rendering template: ", "Syntax error in template: "):
        said = said.removeprefix(preface)
    return said.strip() or type(error).__name__


def explain(error, files, path):
    where, line = place(error)
    innermost = list(chain(error))[-1]
    message = BOUNDS.get(type(innermost))
    if isinstance(innermost, TemplateSyntaxError):
        where, line, message = innermost.filename or innermost.name or path, innermost.lineno, innermost.message
    elif isinstance(innermost, TemplateNotFound):
        message = f"template not found: {innermost.name}" if innermost.name else words(innermost)
    elif line is None and isinstance(innermost, (SyntaxError, ValueError)) and files[path].startswith(OVERRIDE):
        message = f"this line cannot be read: {OVERRIDE} NAME: VALUE, …, with values as Python writes them"
    message = message or words(error)
    where = where if where in files else path
    # Ansible takes the line of settings off before the text is read.
    if where == path and files[path].startswith(OVERRIDE):
        line = 1 + (line or 0)
    told = {"message": " ".join(message.split())[:1000], "path": where, "line": line}
    missing = next((it._missing for it in chain(error) if getattr(it, "_missing", None) is not None), None)
    if missing is not None:
        told["missing"] = str(missing)
    return told


def main():
    request = json.load(sys.stdin)
    files, marks = request["files"], request["marks"]
    characters, seconds = request["characters"], request["templateSeconds"]
    init_plugin_loader()

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
            text = render(files, path, facts)
            if len(text) > characters:
                raise Refused(f"it renders to {len(text)} characters; at most {characters}")
        except (Exception, Refused) as error:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            answer(path=path, error=explain(error, files, path))
            continue
        try:
            # A template that measures or cuts its own text may fail with marks in it.
            marked = render({**files, **marks}, path, facts)
        except (Exception, Refused):
            marked = None
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        answer(path=path, text=text, marked=marked)


main()
