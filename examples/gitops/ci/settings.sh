# What is planned and applied, in what way, and by which roomtree. Every script here reads it.
# shellcheck shell=bash disable=SC2034

MANIFEST=rooms.yaml
STATE=rooms.yaml.state.json
BRANCH=main

# Flags that plan and apply have to share, or no fingerprint would ever fit. With (--prune --max-deletes 5), say, a group that a
# pull request takes out of the manifest is deleted; without --prune it stays in DingTalk and the plan names it.
SCOPE=()

# Elsewhere than in China: https://api.dingtalk.io
export DINGTALK_ENDPOINT="${DINGTALK_ENDPOINT:-https://api.dingtalk.com}"

# The language of plans and comments: en or zh.
SPEAK="${ROOMTREE_SPEAK:-en}"

# The release of roomtree that runs here, and its SHA-256: from the release's page, or a copy on a server of your own.
ARCHIVE="${ROOMTREE_ARCHIVE:-https://downloads.example.com/roomtree-0.1.0-x86_64-unknown-linux-musl.tar.gz}"
SHA256="${ROOMTREE_SHA256:-0000000000000000000000000000000000000000000000000000000000000000}"

# A command that fails within $(…) ends the script, too.
shopt -s inherit_errexit

export PATH="$PWD/.bin:$PATH"
export GIT_AUTHOR_NAME=roomtree GIT_AUTHOR_EMAIL=roomtree@localhost
export GIT_COMMITTER_NAME=roomtree GIT_COMMITTER_EMAIL=roomtree@localhost

# Prints a sentence in the language of the repository.
say() { # ENGLISH CHINESE
    if [[ "$SPEAK" == zh ]]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi
}

# Ends the job, and says why.
fail() { # CODE ENGLISH CHINESE
    summary < <(say "$2" "$3")
    exit "$1"
}

# Shows standard input in the log, and on the page of the job where there is one.
summary() {
    tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}" >&2
}

# Prints a plan for a comment or an issue, which may have 65,536 characters: roomtree keeps it below 60,000. Where there is none, prints
# why: the beginning of what was said.
shown() { # PLAN SAID
    if [[ -s "$1" ]]; then
        cat "$1"
    else
        printf '~~~~~~~~text\n'
        head -n 60 "$2" | head -c 4000
        printf '~~~~~~~~\n'
    fi
}
