# What the scripts ask of GitHub or GitLab, in the same words for both: comments, merges, an issue.
# shellcheck shell=bash

if [[ -n "${GITLAB_CI:-}" ]]; then
    source "${BASH_SOURCE[0]%/*}/gitlab.sh"
else
    source "${BASH_SOURCE[0]%/*}/github.sh"
fi

readonly MARK='<!-- roomtree '

# Prints every item of a list of the platform, one to a line.
items() { # PATH, to which a query can be added
    local page=1 items
    while :; do
        items="$(api GET "$1&per_page=100&page=$page")" || return
        jq --compact-output '.[]' <<<"$items" || return
        [[ "$(jq length <<<"$items")" == 100 ]] || return 0
        page=$((page + 1))
    done
}

# Prints our own comment on a pull request; nothing if there is none. What others write is no plan, whatever it says.
comment() { # NUMBER
    own_comments "$1" | jq --compact-output --slurp --arg mark "$MARK" \
        'map(select(.body | startswith($mark))) | last // empty'
}

# Writes our comment on a pull request: a new one, or in place of the one that is there.
write_comment() { # NUMBER FILE
    local id
    id="$(comment "$1" | jq .id)"
    if [[ -n "$id" ]]; then edit_comment "$1" "$id" "$2"; else add_comment "$1" "$2"; fi
}

# Opens the issue about the difference between DingTalk and the repository, or brings it up to date.
write_issue() { # FILE
    local number
    number="$(open_issue)"
    if [[ -n "$number" ]]; then edit_issue "$number" "$1"; else add_issue "$1"; fi
}

# Closes that issue, if it is open.
settle_issue() {
    local number
    number="$(open_issue)"
    [[ -z "$number" ]] || close_issue "$number"
}
