#!/usr/bin/env bash
# Makes a set of spoken words with espeak-ng and sox, in the form of Google's Speech Commands: a folder a word with files of
# at most a second, 16,000 samples a second, named <voice>_nohash_<take>.wav; testing_list.txt and validation_list.txt, which
# name the files of the voices that are not trained on; noise in _background_noise_.
# Usage: make_set.sh <folder> [small]          small: three words, few voices
set -euo pipefail
folder=${1:?"usage: make_set.sh <folder> [small]"} size=${2:-whole}
RANDOM=1 # the same set each time
for program in espeak-ng sox; do
    command -v $program >/dev/null || { echo "make_set.sh: expected $program, found none (Debian: $program)" >&2; exit 1; }
done

words=(down go left no off on right stop up yes)
others=(zero one two three four five six seven eight nine bed bird cat dog happy house marvin sheila tree wow)
accents=(en-gb en-us en-029 en-gb-scotland en-gb-x-gbclan en-gb-x-gbcwmd en-gb-x-rp en-us-nyc)
testing=(Annie Mike Storm belinda boris f4 grandma iven iven2 iven3 iven4 klatt5 m3 m7 steph steph2 steph3 zac)
validation=(Denis Hugo RicishayMax RicishayMax2 RicishayMax3 caleb f2 klatt3 linda m5 paul sandro)
training=(Alex Alicia Andrea Andy AnxiousAndy Demonic Diogo Gene Gene2 Henrique Jacky Lee Marco Mario Michael Nguyen Tweaky
    UniRobot adam anika anikaRobot announcer antonio aunty benjamin croak david ed edward edward2 f1 f3 f5 grandpa gustave john
    kaukovalta klatt klatt2 klatt4 klatt6 m1 m2 m4 m6 m8 marcelo max michel miguel norbert pablo pedro quincy rob robert
    robosoft robosoft2 robosoft3 robosoft4 robosoft5 robosoft6 robosoft7 robosoft8 shelby travis victor whisper whisperf)
takes=12 other_takes=1
if [ "$size" = small ]; then
    words=(no stop yes) others=(seven tree wow) accents=(en-gb en-us) takes=8
    testing=(f4) validation=(m5) training=(Andy f1 f3 m1 m2 klatt2)
fi

# One take, in another accent, pitch and speed than the next.
say() { # <file> <accent+voice> <pitch, 0 to 99> <words a minute> <word>
    espeak-ng -v "$2" -p "$3" -s "$4" --stdout "$5" |
        sox -V1 -t wav - -b 16 -r 16000 "$1" silence 1 0.005 0.5% trim 0 1
}
export -f say

list() { # <voice>: the takes of a voice, as arguments of `say`
    for word in "${words[@]}" "${others[@]}"; do
        local count=$takes
        [[ " ${words[*]} " == *" $word "* ]] || count=$other_takes
        for ((take = 0; take < count; ++take)); do
            echo "$folder/$word/${1}_nohash_$take.wav ${accents[RANDOM % ${#accents[@]}]}+$1 $((20 + RANDOM % 60))" \
                "$((120 + RANDOM % 100)) $word"
        done
    done
}

rm -rf "$folder"
mkdir -p "$folder/_background_noise_"
(cd "$folder" && mkdir -p "${words[@]}" "${others[@]}")
for voice in "${testing[@]}" "${validation[@]}" "${training[@]}"; do
    list "$voice"
done | xargs -P "$(nproc)" -L 1 bash -c 'say "$@"' say
names_of() { (cd "$folder" && for voice in "$@"; do echo */"${voice}"_nohash_*.wav; done | tr ' ' '\n'); }
names_of "${testing[@]}" >"$folder/testing_list.txt"
names_of "${validation[@]}" >"$folder/validation_list.txt"

# Noise of six kinds, a minute of each.
noise() { sox -V1 -n -b 16 -r 16000 -c 1 "$folder/_background_noise_/$1.wav" synth 60 "${@:2}" gain -n -6; }
noise white whitenoise
noise pink pinknoise
noise brown brownnoise
noise mains sawtooth 50 synth pinknoise mix
noise engine brownnoise tremolo 22 80
text="When the sunlight strikes raindrops in the air, they act as a prism and form a rainbow. The rainbow is a division of white
    light into many beautiful colours. These take the shape of a long round arch, with its path high above, and its ends
    apparently beyond the horizon. There is, according to legend, a boiling pot of gold somewhere behind it. People look, but
    few have found it. When a man looks for something beyond his reach, his friends say he is looking for it there."
speakers=()
for voice in m2 f3 klatt4 adam; do # who talk at the same time
    espeak-ng -v en+$voice -s $((140 + 10 * ${#speakers[@]})) -w "$folder/_background_noise_/$voice.wav" "$text $text"
    speakers+=("$folder/_background_noise_/$voice.wav")
done
sox -V1 -m "${speakers[@]}" -b 16 -r 16000 "$folder/_background_noise_/babble.wav" trim 0 60 gain -n -6
rm "${speakers[@]}"
