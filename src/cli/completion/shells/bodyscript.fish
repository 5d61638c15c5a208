# Completion of bodyscript for fish 3.0 and newer.
# In ~/.config/fish/config.fish: bodyscript completion fish | source

# Files, or folders alone, that begin as the word at the cursor does; after --name= what follows it.
function __bodyscript_paths
    set -l word (commandline -ct)
    set -l before (string match -r -- '^--[^=]+=' $word)
    set -l start (string replace -- "$before" '' $word)
    set -l names (complete -C "'' $start" | string replace -r '\t.*' '')
    # Fish also offers what could follow a colon inside the word.
    if string match -q -- '*:*' $start
        set -l whole
        for name in $names
            test -e "$name"; and set -a whole $name
        end
        set names $whole
    end
    test $argv[1] = folders; and set names (string match -- '*/' $names)
    for name in $names
        echo "$before$name"
    end
end

function __bodyscript_complete
    set -l words (commandline -opc)
    # As typed, such as node_modules/.bin/bodyscript: only that one may be installed.
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    type -q -- "$program"; or set program bodyscript
    set -l answer ($program complete -- $words[2..-1] (commandline -ct) 2>/dev/null </dev/null)
    set -q answer[2]; and string join \n -- $answer[1..-2]
    switch "$answer[-1]"
        case :0
            __bodyscript_paths files
        case :16
            __bodyscript_paths folders
    end
end

complete -c bodyscript -e
complete -c bodyscript -f -a '(__bodyscript_complete)'
