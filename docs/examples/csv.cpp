// From a CSV file to a trained network and its confusion matrix: which part of Italy an olive oil comes from,
// told by its fatty acids. The file is in Debian's package ggobi, the parser in libfccp-dev.
#include <lamina/lamina.hpp>

#include <libfccp/csv.h>

#include <algorithm>
#include <cstdio>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<16>, ln::Tanh, ln::Dense<9>>, ln::Shape<8>>;

int main() {
    io::CSVReader<9, io::trim_chars<' '>, io::double_quote_escape<',', '"'>> file{
        "/usr/share/ggobi/data/olive.csv"};
    file.read_header(io::ignore_extra_column, "Area", "palmitic", "palmitoleic", "stearic", "oleic",
                     "linoleic", "linolenic", "arachidic", "eicosenoic");
    std::vector<Model::Input> oils;
    std::vector<int> labels;
    std::vector<std::string> areas; // by label
    Model::Input x;
    std::string area;
    while (file.read_row(area, x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7])) {
        auto found = std::find(areas.begin(), areas.end(), area);
        if (found == areas.end())
            found = areas.insert(found, area);
        labels.push_back(static_cast<int>(found - areas.begin()));
        oils.push_back(x);
    }

    const ln::data::Samples data{oils, labels};
    const auto parts = ln::data::split(data, 0.25, ln::seed{1});
    const auto scale = ln::data::standardization(parts.train); // validation must not know its own figures
    for (Model::Input& oil : oils)
        oil = scale(oil);

    Model model{ln::seed{42}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::Adam{.learning_rate = 0.01}};
    ln::fit(trainer, parts.train, {.epochs = 40, .batch = 32, .validation = &parts.validation});

    const ln::Metrics metrics = ln::evaluate(model, parts.validation);
    std::printf("%zu oils: accuracy %.3f\n\n%s", metrics.samples, metrics.accuracy,
                ln::to_string(metrics.confusion, areas).c_str());
    return metrics.accuracy > 0.85 ? 0 : 1;
}
