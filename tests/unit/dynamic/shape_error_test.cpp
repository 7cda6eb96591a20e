#include "reference.hpp"

#include <doctest/doctest.h>

using twins::problem;

TEST_CASE("dynamic: what fits is made") {
    CHECK(problem("1x28x28 Conv<16,3> ReLU MaxPool<2,2> Dense<10>").empty());
    CHECK(problem("1x1x1 Conv<1,3,1,1> MaxPool<1,1>").empty());
    CHECK(problem("7 Flatten").empty());
    CHECK(problem("1x9x9 MaxPool<3,2,1> AvgPool<size{3,1},2,same,false> GlobalAvgPool").empty());
    CHECK(problem("1x9x9 AdaptiveAvgPool<size{3,2}> Upsample<2> UpsampleBilinear<size{1,3}>").empty());
    CHECK(problem("3x9 MaxPool<3,2,1> AvgPool<2,1,pad{0,0,1,0},true> GlobalMaxPool").empty());
}

TEST_CASE("dynamic: a misfit is told in the words of the compile-time error") {
    CHECK(problem("1x10x10 Conv<8,3,1> MaxPool<2,2> Conv<16,5,1> Dense<10>") ==
          "layer<2, Conv<16,5,1>>::kernel<5,5>::does_not_fit_its_input<4,4>: "
          "kernel is larger than its input");
    CHECK(problem("1x2x9 Conv<4,5,1,1>") ==
          "layer<0, Conv<4,5,1,1>>::kernel<5,5>::does_not_fit_its_input<4,11>: "
          "kernel is larger than its input");
    CHECK(problem("1x5x5 Conv<0,3>") ==
          "layer<0, Conv<0,3,1>>::filters<0>::must_be_positive: a convolution needs at least 1 filter");
    CHECK(problem("1x5x5 Conv<4,0>") ==
          "layer<0, Conv<4,0,1>>::kernel<0,0>::must_be_positive: kernel must be at least 1");
    CHECK(problem("1x5x5 Conv<4,3,0>") ==
          "layer<0, Conv<4,3,0>>::stride<0>::must_be_positive: stride must be at least 1");
    CHECK(problem("1x5x5 Conv<4,3,1,-1>") ==
          "layer<0, Conv<4,3,1,-1>>::padding<-1>::must_not_be_negative: padding must be at least 0");
    CHECK(problem("1x5x5 Conv<4,3,1,3>") ==
          "layer<0, Conv<4,3,1,3>>::padding<3>::must_be_smaller_than_kernel<3>: "
          "padding must be smaller than the kernel, otherwise some outputs would see only zeros");
    CHECK(problem("1x5x5 Dense<10> Conv<4,3>") == "layer<1, Conv<4,3,1>>::input<Shape<10>>::is_not_an_image: "
                                                  "this layer needs an image: channels, height and width");
    CHECK(problem("5 GlobalAvgPool") ==
          "layer<0, GlobalAvgPool>::input<Shape<5>>::is_neither_an_image_nor_a_sequence: "
          "this layer needs an image (channels, height and width) or a sequence "
          "(channels and length)");
    CHECK(problem("5 AvgPool<2,2>") ==
          "layer<0, AvgPool<2,2>>::input<Shape<5>>::is_neither_an_image_nor_a_sequence: "
          "this layer needs an image (channels, height and width) or a sequence "
          "(channels and length)");
    CHECK(problem("5x5 AvgPool<size{3,2},2>") ==
          "layer<0, AvgPool<size{3,2},2>>::window<3,2>::does_not_fit_its_input<1,5>: "
          "pooling window is larger than its input");
    CHECK(problem("1x5x5 AvgPool<size{3,2},2,-1>") ==
          "layer<0, AvgPool<size{3,2},2,-1>>::padding<-1>::must_not_be_negative: padding must be at least 0");
    CHECK(problem("1x5x5 AvgPool<size{3,2},2,2,false>") ==
          "layer<0, AvgPool<size{3,2},2,2,false>>::padding<2>::must_be_smaller_than_window<3,2>: "
          "padding must be smaller than the window, otherwise some windows would see only padding");
    CHECK(problem("1x5x5 MaxPool<3,size{2,0}>") ==
          "layer<0, MaxPool<3,size{2,0}>>::stride<2,0>::must_be_positive: "
          "stride must be at least 1");
    CHECK(problem("1x5x1 MaxPool<2,2>") ==
          "layer<0, MaxPool<2,2>>::window<2,2>::does_not_fit_its_input<5,1>: "
          "pooling window is larger than its input");
    CHECK(problem("1x5x5 AdaptiveAvgPool<0>") ==
          "layer<0, AdaptiveAvgPool<0>>::output_size<0,0>::must_be_positive: "
          "an AdaptiveAvgPool gives at least 1 row and 1 column");
    CHECK(problem("1x5x5 Upsample<size{2,-1}>") ==
          "layer<0, Upsample<size{2,-1}>>::upsampling<2,-1>::must_be_positive: "
          "the factor of an Upsample must be at least 1");
    CHECK(problem("3x5 UpsampleBilinear<size{2,3}>") ==
          "layer<0, UpsampleBilinear<size{2,3}>>::input<Shape<3,5>>::is_not_an_image: "
          "this layer needs an image: channels, height and width");
    CHECK(problem("1x5x5 MaxPool<0,2>") ==
          "layer<0, MaxPool<0,2>>::window<0,0>::must_be_positive: pooling window must be at least 1");
    CHECK(problem("1x5x5 MaxPool<2,0>") ==
          "layer<0, MaxPool<2,0>>::stride<0>::must_be_positive: stride must be at least 1");
    CHECK(problem("4 Dense<0>") ==
          "layer<0, Dense<0>>::outputs<0>::must_be_positive: a dense layer needs at least 1 output");
    CHECK(problem("4 LeakyReLU<1,1>") ==
          "layer<0, LeakyReLU<1,1>>::slope<1,1>::must_be_from_zero_to_below_one: "
          "slope must be at least 0 and below 1");
    CHECK(problem("4") == "network_has_no_layers<Net<>>: a Net needs at least one layer");
    CHECK(problem("1x0x4 ReLU") == "Shape<1,0,4>: every extent of a shape is at least 1");
}

TEST_CASE("dynamic: only the first misfit is told") {
    CHECK(problem("4 Conv<1,9> MaxPool<0,0>").starts_with("layer<0, Conv<1,9,1>>::input<Shape<4>>"));
}

TEST_CASE("dynamic: sizes that an int cannot tell are misfits too") {
    CHECK(problem("100000x100000 Dense<1>") ==
          "Shape<100000,100000>: a shape has at most 2,147,483,647 elements");
    CHECK(problem("50000 Dense<50000>") ==
          "layer<0, Dense<50000>>::tensor<Shape<50000,50000>>::is_not_a_shape: a layer's output, weight and "
          "bias are Shapes of at most 2,147,483,647 elements, every extent at least 1");
    CHECK(problem("1x4x4 Conv<1,2000000001,1,2000000000>") ==
          "layer<0, Conv<1,2000000001,1,2000000000>>::padded_input<4000000004,4000000004>::is_too_large: the "
          "input with its padding must have at most 2,147,483,647 rows times columns");
    CHECK(problem("1x4x4 MaxPool<2000000000,1,same>") ==
          "layer<0, MaxPool<2000000000,1,same>>::padded_input<2000000003,2000000003>::is_too_large: the "
          "input with its padding must have at most 2,147,483,647 rows times columns");
    CHECK(
        problem("1x4x4 TransposedConv<1,3,1,same,2000000000>") ==
        "layer<0, TransposedConv<1,3,1,same,2000000000>>::uncut_output<4000000004,4000000004>::is_too_large: "
        "before its padding is cut off, the output must have at most 2,147,483,647 rows times columns");
    CHECK(problem("1x4x4 DepthwiseConv<2,2000000000> MaxPool<1,2000000000>").empty());
    CHECK(problem("1x4x4 Conv<1,2000000001,1,900000000>") ==
          "layer<0, Conv<1,2000000001,1,900000000>>::kernel<2000000001,2000000001>::does_not_fit_its_input<"
          "1800000004,1800000004>: kernel is larger than its input");
    CHECK(problem("1000x1x1 Conv<3000,30,1,29>")
              .starts_with("layer<0, Conv<3000,30,1,29>>::tensor<Shape<1000,30,30,3000>>::is_not_a_shape: "));
}

TEST_CASE("dynamic: all parameters together are no more than an int can tell") {
    CHECK(
        problem("2x32767x32767 Conv<1,3,1,1>") ==
        "layer<0, Conv<1,3,1,1>>::activations<3221291011>::are_more_than<2147483647>: up to this layer the "
        "activations of a pass, and their gradients in training, need more elements than an array can have: "
        "use smaller images, fewer channels or fewer layers");
    CHECK(problem("40000 Dense<40000> Dense<40000>") ==
          "layer<1, Dense<40000>>::parameters<3200080000>::are_too_many: a network can have at most "
          "2,147,483,647 parameters");
}

TEST_CASE("dynamic: a text that is no topology is told what was expected") {
    const std::string begins =
        "a topology begins with the shape of its input, such as 1x28x28 or "
        "Sequence<100,8>, which is 100 steps of 8 numbers, or Sequence<30,3x64x64>, 30 "
        "images, found ";
    CHECK(problem("") == begins + "nothing");
    CHECK(problem("ReLU") == begins + "ReLU");
    CHECK(problem("4x Dense<2>") == begins + "4x");
    CHECK(problem("1x2x3x4x5 ReLU") == begins + "1x2x3x4x5");
    CHECK(problem("Sequence<7> ReLU") == begins + "Sequence<7>");
    CHECK(problem("Sequence<7,1,2> ReLU") == begins + "Sequence<7,1,2>");
    CHECK(problem("Sequence<7x1> ReLU") == begins + "Sequence<7x1>");
    for (const char* text : {"Sequence<>", "Sequence<,>", "Sequence<3,>", "Sequence<3,2x>", "Sequence<3,1x2>",
                             "Sequence<3,1x2x3x4>", "Sequence<3,1x2x3", "Sequence<3x1,4>"})
        CHECK(problem(std::string{text} + " ReLU") == begins + text);
    CHECK(problem("Sequence<0,1x2x3> ReLU") ==
          "Sequence<0,Shape<1,2,3>>: every extent of a shape is at least 1");
    CHECK(problem("Sequence<100000,100000x1x1> ReLU") ==
          "Sequence<100000,Shape<100000,1,1>>: a shape has at most 2,147,483,647 elements");
    CHECK(problem("Sequence<1000000,1x1x1> Conv<4096,1>").starts_with("layer<0, Conv<4096,1,1>>::tensor<"));
    CHECK(problem("4 Dense") == "layer 0, Dense: expected Dense<Outputs>, found 0 arguments");
    CHECK(problem("1x9x9 Conv<3>") == "layer 0, Conv<3>: expected Conv<Filters, Kernel, Stride = 1, Padding "
                                      "= 0, Dilation = 1, Groups = 1>, "
                                      "found 1 argument");
    CHECK(problem("1x9x9 Conv<3,3,1,0,1,1,7>").ends_with("found 7 arguments"));
    CHECK(problem("4 Dense<3000000000>") ==
          "layer 0, Dense<3000000000>: expected whole numbers of at most 2,147,483,647, found 3000000000");
    CHECK(problem("4 Dense<2.5>").ends_with("found 2.5"));
    CHECK(problem("4 Dense<2,>").ends_with("found nothing"));
    CHECK(problem("1x9x9 AvgPool<3,2,1,1>") ==
          "layer 0, AvgPool<3,2,1,1>: expected CountPadding to be true or false, found 1");
    CHECK(problem("1x9x9 MaxPool<true,2>") == "layer 0, MaxPool<true,2>: expected Size to be a number or "
                                              "size{height,width}, found true");
    CHECK(problem("4 Dense<2") == "layer 0, Dense<2: expected its arguments in <>, found no closing one");
    CHECK(problem("Sequence<9,1> Tanh Residual<LSTM<8>,Dense<1>>") ==
          "layer 1, Residual<LSTM<8>,Dense<1>>: expected layers one behind the other, of which a join names "
          "those it reads by their numbers: LSTM<8> Dense<1> Sum(1,x), found Residual");
    CHECK(problem("4 Sum(0") ==
          "layer 0, Sum(0: expected the layers it reads in parentheses, found no closing one");
    CHECK(problem("4 ReLU Sum(0,1)") ==
          "layer 1, Sum(0,1): expected layers before it, or x for the input, found 1");
    CHECK(problem("4 ReLU Tanh(0,x)") == "layer 1, Tanh: expected one input, found 2");
    const std::string unknown = problem("4 ReLU Linear<3>");
    CHECK(unknown.starts_with(
        "layer 1, Linear<3>: expected one of AdaptiveAvgPool<Size>, AvgPool<Size, Stride, "
        "Padding = 0, CountPadding = true>, BatchNorm<"));
    CHECK(unknown.ends_with(
        "Upsample<Factor>, UpsampleBilinear<Factor>, Concat, Outputs, Product, Sum, found another name"));
}

TEST_CASE("dynamic: branches that do not fit are told in the words of the compile-time error") {
    CHECK(
        problem("4 Dense<3> Sum(x,0)") ==
        "layer<1, Sum>::branch<1>::gives<Shape<3>>::where_others_give<Shape<4>>: all branches of a Sum or a "
        "Product have outputs of the same shape");
    CHECK(problem("2x4x4 Conv<3,3> Concat(x,0)") ==
          "layer<1, Concat>::branch<1>::gives<Shape<3,2,2>>::beside<Shape<2,4,4>>: the outputs of a Concat's "
          "branches differ in their first extent alone: all have the same height and width, or "
          "length");
    CHECK(
        problem("4 ReLU Tanh(x)") ==
        "layer<0, ReLU>::has_an_output_that_nothing_reads: no layer reads the output of this layer, and the "
        "network does not return it");
    CHECK(problem("4 Outputs(x,x) ReLU").starts_with("layer<0, Outputs>::must_be_the_last_of_the_network: "));
    CHECK(problem("4 Dropout<101>") == "layer<0, Dropout<101>>::dropped_percent<101>::must_be_from_0_to_100: "
                                       "Dropout must drop from 0 to 100 percent");
    CHECK(problem("4 BatchNorm<0>")
              .starts_with("layer<0, BatchNorm<0,10>>::epsilon_per_million<0>::must_be_p"));
    CHECK(problem("4 BatchNorm<10,101>").ends_with("momentum must be from 0 to 100 percent"));
    CHECK(problem("4 PReLU<3>") ==
          "layer<0, PReLU<3>>::slopes<3>::are_not_one_or_the_channels<4>: a PReLU has 1 "
          "slope, or as many as its input has channels");
    CHECK(problem("4 ELU<0>").starts_with("layer<0, ELU<0,1>>::alpha<0,1>::must_be_above_zero: "));
    CHECK(problem("4 Scale<0>") ==
          "layer<0, Scale<0>>::factor<0,1>::must_not_be_zero: a Scale needs a factor, which is not 0");
    CHECK(problem("4 Scale<1,0>").ends_with("the denominator of a factor must be at least 1"));
}

TEST_CASE("dynamic: misfits along time are told in the words of the compile-time error") {
    CHECK(
        problem("Sequence<7,3> Dense<4> GRU<5> NoBias<Conv1D<4,3>> CausalConv<4,3,2> Last Dense<2>").empty());
    CHECK(problem("Sequence<0,3> ReLU") == "Sequence<0,Shape<3>>: every extent of a shape is at least 1");
    CHECK(problem("Sequence<7,3> GRU<2,1>") ==
          "layer 0, GRU<2,1>: expected ResetBefore to be true or false, found 1");
    CHECK(problem("Sequence<7,3> Bidirectional<LSTM<2>") ==
          "layer 0, Bidirectional<LSTM<2>: expected its arguments in <>, found no closing one");
    CHECK(problem("Sequence<7,3> Bidirectional<GRU<2,true,3>>") ==
          "layer 0, Bidirectional<GRU<2,true,3>>: expected Bidirectional<GRU<Units, ResetBefore = false>>, "
          "found 3 arguments");
    CHECK(problem("Sequence<7,3> Bidirectional<LSTM<0>>")
              .starts_with("layer<0, Bidirectional<LSTM<0>>>::units<0>::must_be_positive: "));
    CHECK(problem("Sequence<7,3> GRU<0>") ==
          "layer<0, GRU<0>>::units<0>::must_be_positive: a recurrent layer has at least 1 unit");
    CHECK(
        problem("Sequence<7,3> GRU<2000000000>") ==
        "layer<0, GRU<2000000000>>::units<2000000000>::are_too_many: a recurrent layer's weights, and what "
        "it "
        "saves of all steps for backward, are at most 2,147,483,647 numbers each: use fewer units or shorter "
        "sequences");
    CHECK(problem("3x8x8 LSTM<4>") == "layer<0, LSTM<4>>::input<Shape<3,8,8>>::is_not_a_sequence: "
                                      "this layer needs a sequence: channels and length. In a sequence of "
                                      "images Flatten makes them vectors");
    CHECK(problem("Sequence<7,3> Flatten Last") == "layer<1, Last>::input<Shape<21>>::is_not_a_sequence: "
                                                   "this layer needs a sequence: channels and length. In a "
                                                   "sequence of images Flatten makes them vectors");
    CHECK(problem("Sequence<7,3> LSTM<4> Conv<2,3>") ==
          "layer<1, Conv<2,3,1>>::input<Sequence<7,Shape<4>>>::is_not_an_image: "
          "this layer needs an image: channels, height and width");
    CHECK(
        problem("Sequence<7,3> GRU<4> Conv1D<4,3>(x) Sum(0,1)") ==
        "layer<2, Sum>::branch<1>::gives<Sequence<5,Shape<4>>>::where_others_give<Sequence<7,Shape<4>>>: all "
        "branches of a Sum or a Product have outputs of the same shape");
    CHECK(problem("Sequence<7,3> GRU<4> Conv1D<4,3>(x) Concat(0,1)")
              .ends_with("::gives<Sequence<5,Shape<4>>>::beside<Sequence<7,Shape<4>>>: the outputs of a "
                         "Concat's branches differ in their first extent alone: all have the same height and "
                         "width, or length"));
}

TEST_CASE("dynamic: misfits of convolutions are told in the words of the compile-time error") {
    CHECK(problem("2x8x8 Conv<4,size{3,2},1,pad{0,3,0,0}>") ==
          "layer<0, Conv<4,size{3,2},1,pad{0,3,0,0}>>::padding<0,3,0,0>::must_be_smaller_than_kernel<"
          "3,2>: padding must be smaller than the kernel, otherwise some outputs would see only zeros");
    CHECK(problem("1x8x8 Conv<4,3,1,pad{0,-1,0,0}>") ==
          "layer<0, Conv<4,3,1,pad{0,-1,0,0}>>::padding<0,-1,0,0>::must_not_be_negative: "
          "padding must be at least 0");
    CHECK(problem("1x8x8 Conv<4,3,size{1,0}>") ==
          "layer<0, Conv<4,3,size{1,0}>>::stride<1,0>::must_be_positive: stride must be at least 1");
    CHECK(problem("1x8x8 Conv<4,size{3,0}>") ==
          "layer<0, Conv<4,size{3,0},1>>::kernel<3,0>::must_be_positive: kernel must be at least 1");
    CHECK(problem("1x8x8 Conv<8,3> Conv<9,3,1,0,1,3>") ==
          "layer<1, Conv<9,3,1,0,1,3>>::groups<3>::do_not_divide_channels<8>: "
          "the groups must divide the channels of the input");
    CHECK(problem("1x8x8 Conv<8,3> Conv<6,3,1,0,1,4>") ==
          "layer<1, Conv<6,3,1,0,1,4>>::groups<4>::do_not_divide_filters<6>: the groups must divide the "
          "filters");
    CHECK(problem("1x8x8 Conv<4,3,1,0,1,0>") ==
          "layer<0, Conv<4,3,1,0,1,0>>::groups<0>::must_be_positive: a convolution has at least 1 group");
    CHECK(problem("1x8x8 Conv<4,3,1,0,0>") ==
          "layer<0, Conv<4,3,1,0,0>>::dilation<0>::must_be_positive: dilation must be at least 1");
    CHECK(problem("1x8x9 Conv<4,3,1,1,5>") ==
          "layer<0, Conv<4,3,1,1,5>>::kernel<3,3>::dilated_by<5,5>::does_not_fit_its_input<10,11>: "
          "kernel with its dilation is larger than its input");
    CHECK(problem("2x8x8 Conv1D<4,3>") == "layer<0, Conv1D<4,3,1>>::input<Shape<2,8,8>>::is_not_a_sequence: "
                                          "this layer needs a sequence: channels and length. In a sequence "
                                          "of images Flatten makes them vectors");
    CHECK(problem("2x64 Conv<4,3>") == "layer<0, Conv<4,3,1>>::input<Shape<2,64>>::is_not_an_image: "
                                       "this layer needs an image: channels, height and width");
    CHECK(problem("2x64 NoBias<Conv<4,3>>") ==
          "layer<0, NoBias<Conv<4,3,1>>>::input<Shape<2,64>>::is_not_an_image: "
          "this layer needs an image: channels, height and width");
    CHECK(problem("3x8x8 DepthwiseConv<3,1,0,1,0>") ==
          "layer<0, DepthwiseConv<3,1,0,1,0>>::multiplier<0>::must_be_positive: "
          "a depthwise convolution has at least 1 filter for each channel");
    CHECK(problem("2x4x4 TransposedConv<4,3,2,3>") ==
          "layer<0, TransposedConv<4,3,2,3>>::padding<3>::must_be_smaller_than_transposed_kernel<3>: padding "
          "must be smaller than the kernel, otherwise some inputs would count for nothing");
    CHECK(
        problem("2x2x1 TransposedConv<4,3,2,2>") ==
        "layer<0, TransposedConv<4,3,2,2>>::padding<2>::leaves_no_output<1,-1>: padding must leave at least "
        "one row and one column");
    CHECK(problem("3x2x2 TransposedConv<4,3,2,1,1,2>") ==
          "layer<0, TransposedConv<4,3,2,1,1,2>>::groups<2>::do_not_divide_channels<3>: the groups must "
          "divide the channels of the input");
    CHECK(problem("64 TransposedConv<4,3>") ==
          "layer<0, TransposedConv<4,3,1>>::input<Shape<64>>::is_not_an_image: this layer needs an image: "
          "channels, height and width");
}

TEST_CASE("dynamic: arguments of convolutions as texts say them") {
    for (const char* fine : {"NoBias<Conv<16,3>>", "Conv<8,size{5,3},2,same>", "Conv<4,3,2,pad{0,1,0,1}>",
                             "Conv<4,3,1,0,size{1,2}>", "DepthwiseConv<3,2,same,1,2>",
                             "NoBias<TransposedConv<4,size{4,3},2,same>>"})
        CHECK(problem(std::string{"4x9x9 "} + fine).empty());
    CHECK(problem("4x9 NoBias<Conv1D<8,3,1,pad{0,0,2,0}>> NoBias<Dense<3>>").empty());
    CHECK(problem("1x49x10 NoBias<Conv<64,size{10,4},2,same>> ReLU MaxPool<3,2,pad{0,1,0,1}> Dense<12>")
              .empty());

    CHECK(problem("4x9x9 Conv<8,size{3}>") == "layer 0, Conv<8,size{3}>: expected a number, "
                                              "size{height,width}, pad{top,bottom,left,right} or same, "
                                              "found size{3}");
    CHECK(
        problem("4x9x9 Conv<8,3,1,pad{1,2}>") ==
        "layer 0, Conv<8,3,1,pad{1,2}>: expected a number, size{height,width}, pad{top,bottom,left,right} or "
        "same, found pad{1,2}");
    CHECK(problem("4x9x9 Conv<8,extent{1,2}>").ends_with("or same, found extent{1,2}"));
    CHECK(problem("4x9x9 Conv<8,size{3,x}>") ==
          "layer 0, Conv<8,size{3,x}>: expected whole numbers of at most 2,147,483,647, found x");
    CHECK(problem("4x9x9 Conv<8,size{3,3>") ==
          "layer 0, Conv<8,size{3,3>: expected whole numbers of at most 2,147,483,647, found size{3,3");
    CHECK(problem("4x9x9 Conv<8,size{3,3}x1>").ends_with(", found size{3,3}x1"));
    CHECK(problem("4x9x9 Conv<8,3.0>") ==
          "layer 0, Conv<8,3.0>: expected whole numbers of at most 2,147,483,647, found 3.0");
    CHECK(problem("4x9x9 Conv<16,3,same>") ==
          "layer 0, Conv<16,3,same>: expected Stride to be a number or size{height,width}, found same");
    CHECK(problem("4x9x9 Conv<16,pad{0,1,0,1}>") ==
          "layer 0, Conv<16,pad{0,1,0,1}>: expected Kernel to be a number or size{height,width}, found "
          "pad{0,1,0,1}");
    CHECK(problem("4x9x9 Conv<16,3,1,size{1,2}>") == "layer 0, Conv<16,3,1,size{1,2}>: expected Padding to "
                                                     "be a number, pad{top,bottom,left,right} or same, "
                                                     "found size{1,2}");
    CHECK(problem("4x9x9 Conv<size{1,2},3>") ==
          "layer 0, Conv<size{1,2},3>: expected Filters to be a number, found size{1,2}");
    CHECK(
        problem("4x9 NoBias<ReLU>") ==
        "layer 0, NoBias<ReLU>: expected in NoBias<> one of CausalConv<Filters, Kernel, Dilation = 1, Groups "
        "= 1>, "
        "Conv<Filters, Kernel, Stride = 1, Padding = 0, "
        "Dilation = 1, Groups = 1>, Conv1D<Filters, Kernel, Stride = 1, Padding = 0, Dilation = 1, Groups = "
        "1>, Dense<Outputs>, DepthwiseConv<Kernel, Stride = 1, Padding = 0, Dilation = 1, Multiplier = 1>, "
        "TransposedConv<Filters, Kernel, Stride = 1, Padding = 0, Dilation = 1, Groups = 1>, found ReLU");
    CHECK(problem("4x9x9 NoBias<Conv<16>>") ==
          "layer 0, NoBias<Conv<16>>: expected Conv<Filters, Kernel, Stride = 1, Padding = 0, Dilation = 1, "
          "Groups = 1>, found 1 argument");
    CHECK(problem("4x9x9 NoBias<Conv<16,3>") ==
          "layer 0, NoBias<Conv<16,3>: expected its arguments in <>, found no closing one");
}
