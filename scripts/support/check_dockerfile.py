#!/usr/bin/env python3
"""Checks what hadolint does not: that the image has all that it is made of, and all that the program needs.

    check_dockerfile.py DOCKERFILE [PROGRAM]

- every file that is copied is there, and let in by the .dockerignore; so is every folder that Package.swift names;
- the build is told each variable that Package.swift asks for;
- every package that is installed is one of Debian's, by `apt-cache`, and the build has those that Package.swift asks for
  (PostgreSQL's own repository has more versions than Debian: of `postgresql-${version}` only Debian's is looked for);
- the last stage runs as a number that is not root, and what it runs was copied into it;
- with PROGRAM: every library it is linked with comes with a package that is installed. Swift's own are linked statically there.
"""
import fnmatch
import os
import re
import subprocess
import sys

ALWAYS = {"libc6", "libgcc-s1", "libstdc++6"}
SWIFT = re.compile(r"lib(swift|_?Foundation|_Internationalization|dispatch|BlocksRuntime)")


def instructions(text):
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in re.sub(r"\\\n", " ", "\n".join(lines)).splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            yield name.upper(), rest.strip()


def stages(text):
    found = []
    for name, rest in instructions(text):
        if name == "FROM":
            found.append([])
        if found:
            found[-1].append((name, rest))
    return found


def installed(stage):
    """The packages that a stage installs, without those of a variable."""
    names = set()
    for name, rest in stage:
        if name != "RUN":
            continue
        for words in re.findall(r"apt-get install\s+([^&|;]*)", rest):
            names |= {word for word in words.split() if re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", word)}
        names |= {word.replace("${version}", "15") for word in re.findall(r'"([a-z-]+\$\{version\})"', rest)}
    return names


def copied(stage, own):
    """(source, target) of COPY: of our own files, or of another stage's."""
    for name, rest in stage:
        if name == "COPY" and ("--from=" in rest) != own:
            words = [word for word in rest.split() if not word.startswith("--")]
            yield from ((source, words[-1]) for source in words[:-1])


def source_problems(root, ignore, stage):
    sources = [source for source, _ in copied(stage, own=True)]
    with open(ignore, encoding="utf-8") as file:
        let_in = [line[1:].strip() for line in file if line.startswith("!")]
    for source in sources:
        if not os.path.exists(os.path.join(root, source)):
            yield f"COPY {source}: it is not there"
        if not any(fnmatch.fnmatch(source, pattern) for pattern in let_in):
            yield f"COPY {source}: {os.path.basename(ignore)} keeps it out"
    with open(os.path.join(root, "Package.swift"), encoding="utf-8") as file:
        package = file.read()
    for folder in {"Sources", "Tests", *(path.split("/")[0] for path in re.findall(r'path: "([^"]+)"', package))}:
        if folder not in sources:
            yield f"Package.swift has targets in {folder}, which is not copied"
    for name in re.findall(r'Context\.environment\["(\w+)"\]', package):
        told = [place for place, (kind, rest) in enumerate(stage) if kind == "ENV" and rest.startswith(f"{name}=")]
        builds = [place for place, (kind, rest) in enumerate(stage) if kind == "RUN" and "swift build" in rest]
        if not told or not builds or min(told) > min(builds):
            yield f"Package.swift asks for {name}, which the build is not told"
    wanted = set(re.findall(r'\.apt\(\["([^"]+)"\]\)', package))
    for name in sorted(wanted - installed(stage)):
        yield f"the build lacks {name}, which Package.swift asks for"


def package_problems(text):
    release = re.search(r"^ARG DEBIAN=(\w+)", text, re.M)
    with open("/etc/os-release", encoding="utf-8") as file:
        here = re.search(r"^VERSION_CODENAME=(\w+)", file.read(), re.M)
    if not release or not here or release[1] != here[1]:
        print("check_dockerfile: another release of Debian here: names of packages left out", file=sys.stderr)
        return
    names = set().union(*(installed(stage) for stage in stages(text)))
    known = set(subprocess.run(["apt-cache", "pkgnames"], capture_output=True, text=True, check=True).stdout.split())
    if "debianutils" not in known or len(known) < 10000:
        print("check_dockerfile: no lists of packages here (apt-get update): names left out", file=sys.stderr)
        return
    for name in sorted(names - known):
        yield f"{release[1]} has no package {name}"


def last_stage_problems(stage):
    users = [rest for name, rest in stage if name == "USER"]
    if not users or not re.fullmatch(r"[1-9]\d*(:[1-9]\d*)?", users[-1]):
        yield f"runs as {users[-1] if users else 'root'}: a number that is not 0 is wanted"
    programs = {target for _, target in copied(stage, own=False)}
    for name, rest in stage:
        if name == "ENTRYPOINT" and not any(f'["{program}"]' == rest for program in programs):
            yield f"ENTRYPOINT {rest} is not what was copied: {sorted(programs)}"
    if not any(name == "ENTRYPOINT" for name, _ in stage):
        yield "has no ENTRYPOINT"


def library_problems(program, stage):
    text = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    direct = subprocess.run(["readelf", "-d", program], capture_output=True, text=True, check=True).stdout
    there = installed(stage) | ALWAYS
    for name in re.findall(r"NEEDED.*\[(.+)\]", direct):
        if SWIFT.match(name):
            continue
        path = re.search(rf"^\s*{re.escape(name)} => (\S+)", text, re.M)
        if not path:
            continue
        real = os.path.realpath(path[1])
        owner = ""
        for candidate in (real, path[1], path[1].removeprefix("/usr"), real.removeprefix("/usr")):
            found = subprocess.run(["dpkg", "-S", candidate], capture_output=True, text=True, check=False)
            if found.returncode == 0:
                owner = found.stdout.split(":")[0]
                break
        if owner not in there:
            yield f"{name} comes with the package {owner or '?'}, which is not installed"


def main(dockerfile, program=None):
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    with open(dockerfile, encoding="utf-8") as file:
        text = file.read()
    build, last = stages(text)[0], stages(text)[-1]
    problems = [
        *source_problems(root, dockerfile + ".dockerignore", build),
        *package_problems(text),
        *last_stage_problems(last),
        *(library_problems(program, last) if program else []),
    ]
    for problem in problems:
        print(f"check_dockerfile: {problem}", file=sys.stderr)
    count = sum(len(installed(stage)) for stage in stages(text))
    print(f"{count} packages")
    return 1 if problems or not count else 0


sys.exit(main(*sys.argv[1:]))
