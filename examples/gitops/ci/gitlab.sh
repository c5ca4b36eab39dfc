# GitLab's REST API, with a project access token in GITLAB_TOKEN (role Reporter, scope api): a job's own token cannot comment.
# shellcheck shell=bash

readonly LABEL=roomtree-drift

call() { # METHOD PATH [JSON]
    local data=()
    [[ $# -lt 3 ]] || data=(--header 'Content-Type: application/json' --data "@$3")
    curl --fail-with-body --silent --show-error --request "$1" "${data[@]}" \
        --header @<(printf 'PRIVATE-TOKEN: %s\n' "$GITLAB_TOKEN") "$CI_API_V4_URL/$2"
}

api() { # METHOD PATH [JSON]
    call "$1" "projects/$CI_PROJECT_ID/$2" "${@:3}"
}

# Can this job write? A pipeline of a fork has no token.
has_token() { [[ -n "${GITLAB_TOKEN:-}" ]]; }

own_comments() { # NUMBER
    local me
    me="$(call GET user | jq .id)" || return
    items "merge_requests/$1/notes?sort=asc" | jq --compact-output --argjson me "$me" 'select(.author.id == $me)'
}

add_comment() { api POST "merge_requests/$1/notes" <(jq -Rs '{body: .}' "$2") >/dev/null; }

edit_comment() { api PUT "merge_requests/$1/notes/$2" <(jq -Rs '{body: .}' "$3") >/dev/null; }

# Prints number and last commit of the merge request that brought a commit to the branch; nothing if none did.
merged() { # COMMIT
    items "repository/commits/$1/merge_requests?" | jq --raw-output --slurp --arg branch "$BRANCH" \
        'map(select(.state == "merged" and .target_branch == $branch)) | first // empty | "\(.iid) \(.sha)"'
}

open_issue() {
    items "issues?state=opened&labels=$LABEL" | jq --slurp 'first // empty | .iid'
}

add_issue() {
    api POST issues <(jq -Rs --arg title "$TITLE" --arg tag "$LABEL" '{title: $title, labels: $tag, description: .}' "$1") >/dev/null
}

edit_issue() { api PUT "issues/$1" <(jq -Rs '{description: .}' "$2") >/dev/null; }

close_issue() { api PUT "issues/$1" <(jq -n '{state_event: "close"}') >/dev/null; }
