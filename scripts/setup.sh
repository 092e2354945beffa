# Read by ./run and ./check: installing what is missing, building.

# The packages of the groups named that are not installed.
missing_packages() {
    local group package
    for group in $(printf '%s\n' "$@" | sort -u); do
        while read -r package; do
            [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
        done < <(awk -v group="$group" '$1 == group { print $2 }' scripts/packages.txt)
    done
}

# Installs what is missing of the groups named. Where it cannot, it says what to install and fails.
install_packages() {
    if ! command -v dpkg-query >/dev/null; then
        echo "This is no Debian: if the build fails, install what scripts/packages.txt lists."
        return 0
    fi
    local missing as_root=()
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "These packages are needed; install them and start again:" $missing >&2
            return 1
        fi
        as_root=(sudo)
    fi
    echo "Installing with apt-get:" $missing
    "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
}

# build FOLDER [OPTION…]: configures the folder if that has not been done, and builds. In CI warnings are errors.
build() {
    local folder=$1
    shift
    [ -z "${CI:-}" ] || set -- "$@" -Dwerror=true
    if [ -f "$folder/build.ninja" ]; then
        meson configure "$folder" "$@" >/dev/null
    else
        meson setup "$folder" "$@"
    fi && ninja -C "$folder"
}
