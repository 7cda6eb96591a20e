// The problems of branches, repeats and named values.
#pragma once

#include <lamina/problem/layer.hpp>
#include <lamina/problem/problem.hpp>

namespace lamina::problem {

template <int Index, class L, class... Inside>
template <int Number>
struct layer<Index, L, Inside...>::branch {
    template <class Shape>
    struct gives {
        template <class Others>
        struct where_others_give {
            static_assert(never<where_others_give>,
                          "all branches of a Sum or a Product have outputs of the same shape");
        };
        template <class Others>
        struct beside {
            static_assert(never<beside>, "the outputs of a Concat's branches differ in their first extent "
                                         "alone: all have the same height and width, or length");
        };
    };
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::has_no_branches {
    static_assert(never<has_no_branches>, "a Sum, Product, Concat or Outputs needs at least one branch");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::must_be_the_last_of_the_network {
    static_assert(never<must_be_the_last_of_the_network>,
                  "Outputs are the outputs of the whole network: the last member of the Net that a Model "
                  "takes, not of a Net or a Repeat inside of it. Within a network branches end in a "
                  "Concat");
};

template <int Index, class L, class... Inside>
template <int Count>
struct layer<Index, L, Inside...>::repeats {
    struct must_be_at_least_once {
        static_assert(never<must_be_at_least_once>, "a Repeat has a count of at least 1");
    };
    struct are_too_many {
        static_assert(never<are_too_many>, "a Repeat gives at most 1,000 layers");
    };
};

template <int Index, class L, class... Inside>
template <class Output>
struct layer<Index, L, Inside...>::cannot_repeat_what_gives {
    template <class Input>
    struct instead_of {
        static_assert(never<instead_of>,
                      "a Repeat needs layers that give the shape that they take: each copy takes what "
                      "the one before it gives");
    };
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::has_a_name_that_is_no_word {
    static_assert(never<has_a_name_that_is_no_word>,
                  "a Named layer has a name of letters, digits, _ and -, which does not begin with a digit");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::is_named_already {
    static_assert(never<is_named_already>, "this name is taken: an As before it has given it");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::is_not_named_before {
    static_assert(never<is_not_named_before>,
                  "no As before this From gives that name: an As names a value in its own Net, and in "
                  "the Nets inside of it");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::is_never_used {
    static_assert(never<is_never_used>, "no From uses the value that this As names");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::has_an_output_that_nothing_reads {
    static_assert(never<has_an_output_that_nothing_reads>,
                  "no layer reads the output of this layer, and the network does not return it");
};

} // namespace lamina::problem
