# Completion of bodyscript for bash 3.2 and newer, without the bash-completion package.
# In ~/.bashrc: eval "$(bodyscript completion bash)"

_bodyscript_options() {
  # Bash 3.2, of macOS, has no compopt: there it offers file names more often.
  type compopt >/dev/null 2>&1 && compopt "$@" 2>/dev/null
}

# Names for a word that bash broke at a colon, such as clips:new/a<tab>: it replaces what follows the last break.
_bodyscript_names_after_colon() {
  local kind=$1 word=$2 name
  local kept=${word%"${word##*[:=]}"}
  while IFS= read -r name; do
    [ -d "$name" ] && name=$name/
    COMPREPLY+=("${name#"$kept"}")
  done < <(compgen "$kind" -- "$word")
  _bodyscript_options -o filenames +o default
  case ${COMPREPLY[0]} in */) _bodyscript_options -o nospace ;; esac
}

_bodyscript() {
  COMPREPLY=()
  local line word directive=0
  # As typed, such as node_modules/.bin/bodyscript: only that one may be installed.
  local program=${1-bodyscript}
  case $program in '~/'*) program=$HOME/${program#'~/'} ;; esac
  type "$program" >/dev/null 2>&1 || program=bodyscript
  local current=${COMP_LINE:0:COMP_POINT}
  current=${current##*[[:space:]]}
  while IFS= read -r line; do
    case $line in
      :*) directive=${line#:} ;;
      *)
        word=${line%%$'\t'*}
        # Bash breaks --mode=still at the equals sign, and replaces what follows it.
        case $COMP_WORDBREAKS in *=*) case $word in --*=*) word=${word#*=} ;; esac ;; esac
        COMPREPLY+=("$word")
        ;;
    esac
  done < <("$program" complete --line "${COMP_LINE:0:COMP_POINT}" 2>/dev/null </dev/null)
  local is_broken=''
  [[ $current == *[!\\]:* && $current != *[\'\"\\]* && $COMP_WORDBREAKS == *:* ]] && is_broken=yes
  case $directive in
    0)
      # With nothing in COMPREPLY, bash completes file names by itself, quotes, tilde and spaces included.
      if [ ${#COMPREPLY[@]} -gt 0 ]; then
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "${current#--*=}")
        _bodyscript_options -o filenames
      elif [ -n "$is_broken" ]; then
        _bodyscript_names_after_colon -f "${current#--*=}"
      fi
      ;;
    16)
      if [ -n "$is_broken" ]; then _bodyscript_names_after_colon -d "${current#--*=}"
      else _bodyscript_options -o dirnames +o default; fi
      ;;
    *) _bodyscript_options +o default ;;
  esac
}

complete -o default -F _bodyscript bodyscript
