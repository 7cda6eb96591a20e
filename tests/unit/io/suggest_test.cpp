// Which renames are proposed for a file that does not fit.
#include <lamina/io/suggest.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace ln = lamina;
namespace io = ln::io;
namespace files = ln::files;

namespace {

/// A tensor of floats of this shape.
files::StoredTensor stored_tensor(const std::string& name, std::vector<std::uint64_t> shape) {
    return {name, files::Dtype::f32, std::move(shape)};
}
/// Weight and bias of a layer.
void add_layer(files::List<files::StoredTensor>& tensors, const std::string& name, int outputs, int inputs) {
    const auto out = static_cast<std::uint64_t>(outputs), in = static_cast<std::uint64_t>(inputs);
    tensors.push_back(stored_tensor(name + "weight", {out, in}));
    tensors.push_back(stored_tensor(name + "bias", {out}));
}

struct Layer {
    int index, outputs, inputs;
};
/// What is proposed to a model of these layers for a file of these tensors; all after the first line of it.
std::string suggested(const std::vector<Layer>& layers, const files::List<files::StoredTensor>& tensors,
                      const ln::LoadOptions& options = {}) {
    std::vector<ln::ModelTensor> expected;
    const auto add = [&expected](int layer, std::string_view kind, ln::dims shape) {
        ln::ModelTensor& tensor = expected.emplace_back();
        tensor.name << layer << kind;
        tensor.shape = shape;
        tensor.size = shape.size();
    };
    for (const Layer& layer : layers) {
        add(layer.index, ".weight", {layer.outputs, layer.inputs});
        add(layer.index, ".bias", {layer.outputs});
    }
    files::Safetensors file;
    file.tensors = tensors;
    return io::suggestion(expected, file, options,
                          io::match(expected, file, options.rename, options.ignore, options.keep));
}

const std::vector<Layer> network{{0, 8, 4}, {2, 8, 8}, {4, 8, 8}, {6, 3, 8}};

files::List<files::StoredTensor> file_of(const std::vector<std::string>& names) {
    files::List<files::StoredTensor> tensors;
    for (std::size_t i = 0; i < network.size(); ++i)
        add_layer(tensors, names[i], network[i].outputs, network[i].inputs);
    return tensors;
}

} // namespace

TEST_CASE("suggested: pairs of names whose tensors have the same shapes, in the model's order") {
    CHECK(suggested({{0, 8, 4}, {2, 3, 8}}, [] {
              files::List<files::StoredTensor> tensors;
              add_layer(tensors, "classifier.", 3, 8);
              add_layer(tensors, "features.0.", 8, 4);
              return tensors;
          }()) == "\n  all of it fits with .rename = {{\"features.0\", \"0\"}, {\"classifier\", \"2\"}}");
}

TEST_CASE("suggested: layers of one shape are paired in order, if their names differ in numbers alone") {
    CHECK(suggested(network, file_of({"a.", "body.10.", "body.9.", "z."})) ==
          "\n  all of it fits with .rename = {{\"a\", \"0\"}, {\"body.9\", \"2\"}, {\"body.10\", \"4\"}, "
          "{\"z\", "
          "\"6\"}}");
    // What comes first is anyone's guess: only the others are proposed.
    CHECK(suggested(network, file_of({"a.", "hidden.", "middle.", "z."})) ==
          "\n  more of it fits with .rename = {{\"a\", \"0\"}, {\"z\", \"6\"}}");
    // One more of that shape: also a guess.
    auto more = file_of({"a.", "b1.", "b2.", "z."});
    add_layer(more, "b3.", 8, 8);
    CHECK(suggested(network, more) == "\n  more of it fits with .rename = {{\"a\", \"0\"}, {\"z\", \"6\"}}");
}

TEST_CASE("suggested: one pair for all that have a prefix too many or another one") {
    CHECK(suggested(network, file_of({"module.0.", "module.2.", "module.4.", "module.6."})) ==
          "\n  all of it fits with .rename = {{\"module\", \"\"}}");
    CHECK(suggested(network, file_of({"net.body.0.", "net.body.2.", "net.body.4.", "fc."})) ==
          "\n  all of it fits with .rename = {{\"net.body\", \"\"}, {\"fc\", \"6\"}}");
    // A single layer keeps its number, so that the pair says what it is.
    CHECK(suggested({{0, 8, 4}}, [] {
              files::List<files::StoredTensor> tensors;
              add_layer(tensors, "module.0.", 8, 4);
              return tensors;
          }()) == "\n  all of it fits with .rename = {{\"module.0\", \"0\"}}");
    CHECK(suggested({{0, 8, 4}}, [] {
              files::List<files::StoredTensor> tensors;
              add_layer(tensors, "", 8, 4);
              return tensors;
          }()) == "\n  all of it fits with .rename = {{\"\", \"0\"}}");
}

TEST_CASE("suggested: other numbers of the same layers, as of a network with nn.Flatten or nn.Dropout") {
    CHECK(suggested(network, file_of({"0.", "3.", "6.", "9."})) ==
          "\n  all of it fits with .rename = {{\"3\", \"2\"}, {\"6\", \"4\"}, {\"9\", \"6\"}}");
    // 2 and 4 are there, but as other layers.
    CHECK(suggested({{0, 8, 4}, {2, 5, 8}, {4, 3, 5}}, [] {
              files::List<files::StoredTensor> tensors;
              add_layer(tensors, "0.", 8, 4);
              add_layer(tensors, "4.", 5, 8);
              add_layer(tensors, "2.", 3, 5);
              return tensors;
          }()) == "\n  all of it fits with .rename = {{\"4\", \"2\"}, {\"2\", \"4\"}}");
}

TEST_CASE("suggested: pairs that were given stay, unless they match nothing or a new one says better") {
    const auto tensors = file_of({"a.", "b.1.", "b.2.", "z."});
    CHECK(suggested(network, tensors, {.rename = {{"a", "0"}, {"y", "6"}}}) ==
          "\n  all of it fits with .rename = {{\"a\", \"0\"}, {\"b.1\", \"2\"}, {\"b.2\", \"4\"}, {\"z\", "
          "\"6\"}}");
    CHECK(suggested(network, tensors, {.rename = {{"a", "6"}, {"b.1", "2"}, {"b.2", "4"}, {"z", "0"}}}) ==
          "\n  all of it fits with .rename = {{\"a\", \"0\"}, {\"b.1\", \"2\"}, {\"b.2\", \"4\"}, {\"z\", "
          "\"6\"}}");
}

TEST_CASE(
    "suggested: layers of one shape are paired in order, also where some match by accident or by a pair") {
    const std::vector<Layer> equal{{0, 8, 8}, {2, 8, 8}, {4, 8, 8}};
    const auto check = [&](const std::vector<std::string>& names, const ln::LoadOptions& options,
                           const std::string& pairs) {
        files::List<files::StoredTensor> tensors;
        for (const std::string& name : names)
            add_layer(tensors, name + ".", 8, 8);
        CHECK(suggested(equal, tensors, options) ==
              (pairs.empty() ? "" : "\n  all of it fits with .rename = " + pairs));
    };
    check({"0", "1", "2"}, {}, R"({{"1", "2"}, {"2", "4"}})");
    check({"2", "4", "6"}, {}, R"({{"2", "0"}, {"4", "2"}, {"6", "4"}})");
    check({"layers.0", "layers.1", "layers.2"}, {.rename = {"layers", ""}},
          R"({{"layers.0", "0"}, {"layers.1", "2"}, {"layers.2", "4"}})");
    check({"mlp.2", "mlp.4", "mlp.6"}, {.rename = {"mlp", ""}},
          R"({{"mlp.2", "0"}, {"mlp.4", "2"}, {"mlp.6", "4"}})");
    check({"mlp.1", "mlp.3", "mlp.5"}, {.rename = {"mlp.1", "2"}},
          R"({{"mlp.1", "0"}, {"mlp.3", "2"}, {"mlp.5", "4"}})");
    check({"fc1", "fc10", "fc2"}, {}, R"({{"fc1", "0"}, {"fc2", "2"}, {"fc10", "4"}})");
    // Which of the others comes first is anyone's guess, also where one of them matches.
    check({"0", "hidden", "last"}, {}, "");
    // All have a name: they are left alone.
    check({"4", "2", "0"}, {}, "");
}

TEST_CASE("suggested: given pairs that are superfluous or send two layers to one name are dropped") {
    CHECK(suggested(network, file_of({"a.0.", "a.2.", "a.4.", "b.0."}), {.rename = {{"a", ""}, {"b", ""}}}) ==
          "\n  all of it fits with .rename = {{\"a\", \"\"}, {\"b.0\", \"6\"}}");
    CHECK(suggested(network, file_of({"module.a.0.", "module.a.2.", "module.a.4.", "module.b."}),
                    {.rename = {"module", ""}}) ==
          "\n  all of it fits with .rename = {{\"module.a\", \"\"}, {\"module.b\", \"6\"}}");
    // A tensor's own pair stays: its layer has no other.
    auto tensors = file_of({"a.", "b.1.", "b.2.", "z."});
    tensors[0].name = "first";
    CHECK(suggested(network, tensors, {.rename = {{"first", "0.weight"}, {"a", "0"}}}) ==
          "\n  all of it fits with .rename = {{\"first\", \"0.weight\"}, {\"a\", \"0\"}, {\"b.1\", \"2\"}, "
          "{\"b.2\", \"4\"}, {\"z\", \"6\"}}");
}

TEST_CASE("suggested: layers that are kept need no pair") {
    CHECK(suggested(network, file_of({"a.", "b.1.", "b.2.", "z."}), {.rename = {"z", "6"}, .keep = {"6"}}) ==
          "\n  all of it fits with .rename = {{\"z\", \"6\"}, {\"a\", \"0\"}, {\"b.1\", \"2\"}, "
          "{\"b.2\", \"4\"}}");
}

TEST_CASE("suggested: what .ignore leaves out and numbers no model has are no candidates") {
    auto tensors = file_of({"a.", "b.1.", "b.2.", "z."});
    add_layer(tensors, "head.", 3, 8);
    CHECK(suggested(network, tensors, {.ignore = {"head.*"}}) ==
          "\n  all of it fits with .rename = {{\"a\", \"0\"}, {\"b.1\", \"2\"}, {\"b.2\", \"4\"}, {\"z\", "
          "\"6\"}}");
    tensors.push_back({"a.steps", files::Dtype::other, {}, 0, 0, "I64"});
    CHECK(suggested(network, tensors, {.ignore = {"head.*"}}) ==
          "\n  more of it fits with .rename = {{\"a\", \"0\"}, {\"b.1\", \"2\"}, {\"b.2\", \"4\"}, {\"z\", "
          "\"6\"}}");
}

TEST_CASE(
    "suggested: nothing, where no shape fits, a part of a layer is missing, or a name cannot be pasted") {
    CHECK(suggested(network, {}) == "");
    CHECK(suggested({{0, 8, 4}}, {stored_tensor("a.weight", {4, 8}), stored_tensor("a.bias", {8})}) == "");
    CHECK(suggested({{0, 8, 4}}, {stored_tensor("a.weight", {8, 4})}) == "");
    CHECK(suggested({{0, 8, 4}}, {stored_tensor("a\".weight", {8, 4}), stored_tensor("a\".bias", {8})}) ==
          "");
    CHECK(suggested({{0, 8, 4}}, {stored_tensor("a\n.weight", {8, 4}), stored_tensor("a\n.bias", {8})}) ==
          "");
}

TEST_CASE(
    "suggested: the layers of a recurrent module are layers of their own, each of whose tensors has a pair") {
    files::Safetensors file;
    std::vector<ln::ModelTensor> expected;
    const auto add = [&](const std::string& in_file, const std::string& in_model, int inputs) {
        file.tensors.push_back(stored_tensor(in_file, {12, static_cast<std::uint64_t>(inputs)}));
        ln::ModelTensor& tensor = expected.emplace_back();
        tensor.name << in_model;
        tensor.shape = {12, inputs};
    };
    const auto suggested = [&] { return io::suggestion(expected, file, {}, io::match(expected, file)); };
    add("body.rnn.weight_ih_l0", "0.weight_ih_l0", 4); // all layers have the same shapes
    add("body.rnn.weight_ih_l1", "1.weight_ih_l0", 4);
    add("body.rnn.weight_ih_l10", "2.weight_ih_l0", 4);
    CHECK(suggested() ==
          "\n  all of it fits with .rename = {{\"body.rnn\", \"0\"}, {\"body.rnn.weight_ih_l1\", "
          "\"1.weight_ih_l0\"}, {\"body.rnn.weight_ih_l10\", \"2.weight_ih_l0\"}}");

    file.tensors = {};
    expected.clear();
    add("rnn.weight_ih_l0", "0.weight_ih_l0", 2);
    add("rnn.weight_ih_l0_reverse", "0.weight_ih_l0_reverse", 2);
    add("rnn.weight_ih_l1", "1.weight_ih_l0", 8);
    add("rnn.weight_ih_l1_reverse", "1.weight_ih_l0_reverse", 8);
    CHECK(suggested() ==
          "\n  all of it fits with .rename = {{\"rnn\", \"0\"}, {\"rnn.weight_ih_l1\", \"1.weight_ih_l0\"}, "
          "{\"rnn.weight_ih_l1_reverse\", \"1.weight_ih_l0_reverse\"}}");

    // Names that only look like it.
    for (const char* name :
         {"rnn.weight_l", "rnn.weight_lx", "_l1", "weight_ih_l1", "rnn.weight_l1_x", "l1", ""})
        CHECK(io::as_layer(name) == name);
}

TEST_CASE("renames: a convolution that sees one step is a Dense on each") {
    files::List<files::StoredTensor> tensors;
    add_layer(tensors, "head.", 4, 3);
    tensors[0].shape.push_back(1);
    CHECK(suggested({{0, 4, 3}}, tensors).find(R"(.rename = {{"head", "0"}})") != std::string::npos);
}
